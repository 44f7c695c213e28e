"""The tokens of Turtle, as regular expressions over the bytes of a file.

They are for files that the parser has accepted, and no text makes them slow: what is matched once
is not tried again in another way. `.` stands for any byte, so they are compiled with DOTALL.
"""

BOM = b"\xef\xbb\xbf"

# Valid tokens, as bytes: nothing outside ASCII separates one token from the next.
GAP = rb"[ \t\r\n]*+(?:#[^\r\n]*+[ \t\r\n]*+)*+"
_EXPONENT = rb"[eE][+-]?[0-9]++"
IRI = rb"<(?!<)[^>]*+>"
PREFIX = rb"(?:[A-Za-z\x80-\xff][\w\x80-\xff-]*+(?:\.++[\w\x80-\xff-]++)*+)?:"
_LOCAL = rb"(?:[\w:\x80-\xff%]|\\.)(?:[\w:\x80-\xff%-]++|\\.|\.++(?=[\w:\x80-\xff%\\-]))*+"
NAME = rb"(?:" + PREFIX + rb"(?:" + _LOCAL + rb")?+|" + IRI + rb")"
_LABEL = rb"_:[\w\x80-\xff-]++(?:\.[\w\x80-\xff-]++)*+"
NUMBER = (
    rb"[+-]?(?:[0-9]++(?:\.[0-9]*" + _EXPONENT + rb"|(?:\.[0-9]++)?(?:" + _EXPONENT + rb")?)"
    rb"|\.[0-9]++(?:" + _EXPONENT + rb")?)"
)
STRING = (
    rb'"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"""|"[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+"'
    rb"|'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'''|'[^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*+'"
)
LANGUAGE = rb"@[A-Za-z0-9]++(?:--?[A-Za-z0-9]++)*+"
TERM = rb"(?:" + NAME + rb"|" + _LABEL + rb"|" + NUMBER + rb"|[A-Za-z]++)"
MARK = rb"<<\(?|\)>>|>>|\{\||\|\}|\^\^|[][.,;()~]"
