"""The constraint components of SHACL Core: their parameters, and which belong together."""

NODE_KINDS = {
    "IRI": "!isIRI({0})",
    "BlankNode": "!isBlank({0})",
    "Literal": "!isLiteral({0})",
    "BlankNodeOrIRI": "isLiteral({0})",
    "BlankNodeOrLiteral": "isIRI({0})",
    "IRIOrLiteral": "isBlank({0})",
}
OPERATORS = {
    "minInclusive": ">=",
    "minExclusive": ">",
    "maxInclusive": "<=",
    "maxExclusive": "<",
}
# Parameters of constraints. Those of the second group belong to one of the first.
PARAMETERS = (
    *("class", "datatype", "nodeKind", "minCount", "maxCount", *OPERATORS, "minLength"),
    *("maxLength", "pattern", "languageIn", "uniqueLang", "equals", "disjoint", "lessThan"),
    *("lessThanOrEquals", "not", "and", "or", "xone", "node", "property"),
    *("qualifiedValueShape", "closed", "hasValue", "in", "sparql"),
)
OF_PAIRS = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
REPEATABLE = (
    *("class", "pattern", "property", "node", "not", "and", "or", "xone", "hasValue", "sparql"),
    *("qualifiedValueShape", *OF_PAIRS, *OPERATORS),
)
BESIDE_QUALIFIED = {"qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"}
OF_PROPERTIES = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")
