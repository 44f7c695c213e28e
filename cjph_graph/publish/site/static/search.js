/* Search over the names and words of all things, as one types. The data files came before. */
(function () {
  "use strict";

  var MOST = 50;
  var form = document.querySelector("main form[role=search]");
  var list = document.querySelector("[data-results]");
  var count = document.querySelector("[data-search-count]");
  if (!form || !list || !count || !window.MiniSearch) {
    return;
  }
  var field = form.querySelector("input[type=search]");
  var root = document.documentElement.dataset.root || "./";
  var onSearchPage = document.body.classList.contains("page-search");

  function fold(term) {
    return term.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  var index = new MiniSearch({
    fields: ["name", "line", "words"],
    storeFields: ["path", "name", "line", "kind"],
    processTerm: function (term) { return fold(term) || null; },
    searchOptions: {
      boost: { name: 4, words: 1.5 },
      prefix: true,
      combineWith: "AND",
      fuzzy: function (term) { return term.length > 4 ? 0.2 : false; },
    },
  });
  var number = 0;
  (window.cjphSearch || []).forEach(function (group) {
    index.addAll(group.rows.map(function (row) {
      number += 1;
      return { id: number, path: row[0], name: row[1], line: row[2], words: row[3], kind: group.kind };
    }));
  });

  /* Values and findings stand on the page of what they belong to: a page is listed once for each
     name, and a part of it after what has a page of its own. What is called just so comes first. */
  function search(text) {
    var seen = new Set();
    var wanted = fold(text);
    var whole = function (id, term, hit) { return hit.path.includes("#") ? 0.2 : 1; };
    var hits = index.search(text, { boostDocument: whole }).filter(function (hit) {
      var key = hit.name + "\n" + hit.path.split("#")[0];
      return !seen.has(key) && seen.add(key);
    });
    return hits.sort(function (a, b) {
      return (fold(b.name) === wanted) - (fold(a.name) === wanted) || b.score - a.score;
    });
  }

  function item(hit) {
    var li = document.createElement("li");
    var link = document.createElement("a");
    link.href = root + hit.path;
    link.textContent = hit.name;
    var kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = hit.kind;
    li.append(link, kind);
    if (hit.line) {
      var line = document.createElement("span");
      line.className = "line";
      line.textContent = hit.line;
      li.append(line);
    }
    return li;
  }

  function told(found, text) {
    if (!text) {
      return "";
    }
    if (!found) {
      return "Nothing found for \u201c" + text + "\u201d. Fewer or other words may help.";
    }
    var many = found === 1 ? "1 result" : found.toLocaleString("en") + " results";
    return found > MOST ? many + ", the first " + MOST + " shown" : many;
  }

  function show() {
    var text = field.value.trim();
    var hits = text ? search(text) : [];
    list.replaceChildren.apply(list, hits.slice(0, MOST).map(item));
    list.hidden = hits.length === 0;
    count.textContent = told(hits.length, text);
    if (onSearchPage) {
      history.replaceState(null, "", text ? "#q=" + encodeURIComponent(text) : "#");
    }
  }

  function asked() {
    var address = new URLSearchParams(location.hash.slice(1) || location.search.slice(1));
    return address.get("q") || "";
  }

  function fromAddress() {
    var text = asked();
    if (text !== field.value.trim()) {
      field.value = text;
      show();
    }
  }

  field.addEventListener("input", show);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    show();
    var first = list.querySelector("a");
    if (first) {
      first.focus();
    }
  });
  if (onSearchPage) {
    window.addEventListener("hashchange", fromAddress);
    field.value = field.value || asked();
  }
  show();
})();
