/* Tables that can be sorted, searched and filtered. The table is whole without this script: it adds
   controls, hides rows, and keeps what was chosen in the address, so that it can be sent and the
   back button works. On a phone, where a row takes several lines, it shows some rows at first and
   more when asked. A table on several pages is built anew, of all its rows, when one wants to
   filter it. */
(function () {
  "use strict";

  var collator = new Intl.Collator(document.documentElement.lang || "en", {
    numeric: true,
    sensitivity: "base",
  });

  function Listing(section) {
    this.section = section;
    this.name = section.dataset.listing || "";
    this.data = (window.cjphData || {})[this.name] || null;
    this.body = section.querySelector("tbody");
    this.count = section.querySelector("[data-count]");
    this.heads = Array.from(section.querySelectorAll("thead th"));
    this.words = wordsOf(this.heads);
    this.built = Boolean(this.data && this.data.texts);
    this.rows = this.built ? this.data.rows.map(this.unpack, this) : this.readRows();
    this.facets = [];
    this.addSorting();
    this.addControls();
    this.addMore();
    this.addDownloads();
    window.addEventListener("hashchange", this.fromAddress.bind(this));
    this.fromAddress();
  }

  Listing.prototype.readRows = function () {
    addLabels(this.body, this.words);
    return Array.from(this.body.rows).map(this.readRow, this);
  };

  /* A row of a table on several pages: numbers of texts, in the order of columns. */
  Listing.prototype.unpack = function (numbers, place) {
    var texts = this.data.texts, heads = this.heads.length - 1;
    var all = numbers.map(function (at) {
      return Array.isArray(at) ? at.map(function (each) { return texts[each]; }) : texts[at];
    });
    var cells = all.slice(3, 3 + heads), values = all.slice(3 + heads);
    var said = all.slice(0, 3).concat(cells.map(function (cell) { return cell[0]; }));
    return {
      place: place, href: all[0], name: all[1], line: all[2], cells: cells, values: values,
      text: fold(said.concat(values.flat()).join(" ")), shown: true,
    };
  };

  Listing.prototype.build = function (row) {
    if (row.element) {
      return row.element;
    }
    var head = make("th", { scope: "row" });
    var root = document.documentElement.dataset.root || "./";
    head.append(row.href ? make("a", { href: root + row.href }, row.name) : row.name);
    if (row.line) {
      head.append(make("span", { class: "line" }, row.line));
    }
    row.element = make("tr");
    row.element.append(head);
    row.cells.forEach(function (cell, at) {
      var number = this.heads[at + 1].dataset.sort === "number";
      var made = make("td", number ? { class: "num" } : {}, cell[0]);
      made.dataset.label = this.words[at + 1];
      row.element.append(made);
    }, this);
    return row.element;
  };

  Listing.prototype.readRow = function (element, place) {
    var known = null;
    if (this.data && element.dataset.id) {
      this.byId = this.byId || new Map(this.data.rows.map(function (r) { return [r.id, r.values]; }));
      known = this.byId.get(element.dataset.id) || null;
    }
    var text = fold(element.textContent + " " + (known ? known.flat().join(" ") : ""));
    return { element: element, place: place, values: known, text: text, shown: true };
  };

  /* Every cell says on a phone what it is. */
  function addLabels(body, words) {
    body.querySelectorAll("td").forEach(function (cell) {
      cell.dataset.label = words[cell.cellIndex] || "";
    });
  }

  function wordsOf(heads) {
    return heads.map(function (head) { return head.textContent.trim(); });
  }

  function fold(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function make(name, attributes, words) {
    var made = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      made.setAttribute(key, attributes[key]);
    });
    if (words !== undefined) {
      made.textContent = words;
    }
    return made;
  }

  var controls = 0;

  function labelled(words, control) {
    controls += 1;
    control.id = "control-" + controls;
    var whole = make("div", { class: "facet" });
    whole.append(make("label", { for: control.id }, words), control);
    return whole;
  }

  /* Sorting ------------------------------------------------------------------------------ */

  Listing.prototype.addSorting = function () {
    this.heads.forEach(function (head, column) {
      if (head.dataset.sort === undefined) {
        return;
      }
      var button = make("button", { type: "button" }, this.words[column]);
      head.replaceChildren(button);
      button.addEventListener("click", function () {
        var down = this.sorted.column === column && !this.sorted.down;
        this.sorted = { column: column, down: down };
        this.changed(true);
      }.bind(this));
    }, this);
    this.sorted = { column: -1, down: false };
  };

  function sortValue(row, column) {
    if (row.cells) {
      return column ? row.cells[column - 1][1] : row.name;
    }
    var cell = row.element.cells[column];
    return cell ? (cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim()) : "";
  }

  Listing.prototype.sort = function () {
    var column = this.sorted.column;
    var sign = this.sorted.down ? -1 : 1;
    var numbers = column >= 0 && this.heads[column].dataset.sort === "number";
    var rows = this.rows.slice();
    rows.sort(function (a, b) {
      if (column < 0) {
        return a.place - b.place;
      }
      var x = sortValue(a, column), y = sortValue(b, column);
      if (!x || !y) {
        return (x ? 0 : 1) - (y ? 0 : 1) || a.place - b.place;
      }
      var by = numbers ? parseFloat(x) - parseFloat(y) : collator.compare(x, y);
      return sign * by || a.place - b.place;
    });
    this.ordered = rows;
    this.heads.forEach(function (head, place) {
      if (place === column) {
        head.setAttribute("aria-sort", this.sorted.down ? "descending" : "ascending");
      } else {
        head.removeAttribute("aria-sort");
      }
    }, this);
  };

  /* Search and facets -------------------------------------------------------------------- */

  Listing.prototype.addControls = function () {
    var place = this.section.querySelector("[data-facets]");
    if (!place) {
      place = make("div", { class: "facets", "data-facets": "" });
      var table = this.section.querySelector(".table-wrap") || this.section.querySelector("table");
      table.before(place);
    }
    place.hidden = false;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", "Filters");
    this.place = place;
    this.field = make("input", { type: "search", autocomplete: "off" });
    this.field.addEventListener("input", this.changed.bind(this, false));
    ((this.data && this.data.columns) || []).forEach(function (column, at) {
      if (column.facet) {
        this.addFacet(place, column, at);
      }
    }, this);
    var search = labelled("Search in this table", this.field);
    place.append(search);
    this.addFold();
    this.clear = make("button", { type: "button", hidden: "" }, "Clear");
    this.clear.addEventListener("click", function () {
      this.facets.forEach(function (facet) { facet.chosen = ""; });
      this.field.value = "";
      this.changed(true);
      this.field.focus();
    }.bind(this));
    place.append(this.clear);
  };

  /* On a phone the facets wait behind a button. */
  Listing.prototype.addFold = function () {
    if (!this.facets.length) {
      return;
    }
    var fold = this.fold = make("button", { type: "button", class: "fold", "aria-expanded": "false" });
    fold.addEventListener("click", function () {
      var open = this.place.classList.toggle("open");
      fold.setAttribute("aria-expanded", String(open));
    }.bind(this));
    this.place.prepend(fold);
  };

  Listing.prototype.addFacet = function (place, column, at) {
    var facet = { key: slug(column.label), at: at, chosen: "" };
    facet.values = facetValues(this.rows, at, column.order);
    if (facet.values.length < 2) {
      return;
    }
    facet.select = make("select");
    facet.whole = labelled(column.label, facet.select);
    facet.select.append(make("option", { value: "" }, "All"));
    facet.values.forEach(function (value) {
      facet.select.append(make("option", { value: value }, value));
    });
    facet.select.addEventListener("change", function () {
      facet.chosen = facet.select.value;
      this.changed(true);
    }.bind(this));
    this.facets.push(facet);
    place.append(facet.whole);
  };

  /* What stands for a facet in the address: `Replaced response` is `replaced-response`. */
  function slug(text) {
    return fold(text).replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  }

  function valuesAt(row, at) {
    var value = row.values ? row.values[at] : null;
    var all = Array.isArray(value) ? value : [value];
    return all.filter(function (v) { return v !== null && v !== undefined && v !== ""; }).map(String);
  }

  function facetValues(rows, at, order) {
    var found = new Set(rows.flatMap(function (row) { return valuesAt(row, at); }));
    var ranks = new Map((order || []).map(function (value, rank) { return [value, rank]; }));
    return Array.from(found).sort(function (a, b) {
      var x = ranks.has(a) ? ranks.get(a) : Infinity, y = ranks.has(b) ? ranks.get(b) : Infinity;
      return x === y ? collator.compare(a, b) : x - y;
    });
  }

  Listing.prototype.filter = function () {
    var words = fold(this.field.value).split(/\s+/).filter(Boolean);
    var facets = this.facets;
    var counts = facets.map(function () { return new Map(); });
    var shown = 0;
    this.rows.forEach(function (row) {
      var found = words.every(function (word) { return row.text.includes(word); });
      var fits = facets.map(function (facet) {
        return !facet.chosen || valuesAt(row, facet.at).includes(facet.chosen);
      });
      var misses = fits.filter(function (fit) { return !fit; }).length;
      row.shown = found && misses === 0;
      shown += row.shown ? 1 : 0;
      /* A facet counts what the search and all other facets leave. */
      facets.forEach(function (facet, place) {
        if (found && (misses === 0 || (misses === 1 && !fits[place]))) {
          valuesAt(row, facet.at).forEach(function (value) {
            counts[place].set(value, (counts[place].get(value) || 0) + 1);
          });
        }
      });
    });
    facets.forEach(function (facet, place) { showFacet(facet, counts[place]); });
    return shown;
  };

  function showFacet(facet, counts) {
    Array.from(facet.select.options).forEach(function (option) {
      if (!option.value) {
        return;
      }
      var many = counts.get(option.value) || 0;
      option.textContent = option.value + " (" + many + ")";
      option.disabled = many === 0 && option.value !== facet.chosen;
      option.hidden = option.disabled;
    });
    facet.select.value = facet.chosen;
    facet.whole.classList.toggle("chosen", Boolean(facet.chosen));
  }

  Listing.prototype.isFiltered = function () {
    var chosen = this.facets.some(function (facet) { return facet.chosen; });
    return chosen || Boolean(this.field.value.trim());
  };

  /* The state, in the page and in the address ---------------------------------------------- */

  Listing.prototype.changed = function (asStep) {
    var hash = this.toAddress();
    if (location.hash.replace(/^#/, "") !== hash) {
      /* A choice is a step back to return to; a letter typed is not. */
      history[asStep ? "pushState" : "replaceState"](null, "", "#" + hash);
    }
    this.show();
  };

  Listing.prototype.show = function () {
    var shown = this.filter();
    this.sort();
    this.lay(shown);
    this.clear.hidden = !this.isFiltered();
    if (this.fold) {
      var chosen = this.facets.filter(function (facet) { return facet.chosen; }).length;
      this.fold.textContent = chosen ? "Filters (" + chosen + " chosen)" : "Filters";
    }
    if (this.count) {
      this.count.textContent = this.told(shown);
    }
    (this.links || []).forEach(function (link) {
      link.textContent = link.dataset.words + (this.isFiltered() ? " (" + rowsInWords(shown) + ")" : "");
    }, this);
  };

  /* More rows when asked --------------------------------------------------------------------- */

  var STEP = 25, STEP_OF_BUILT = 100;
  var narrow = window.matchMedia("(max-width: 40rem)");

  Listing.prototype.addMore = function () {
    this.step = function () {
      return narrow.matches ? STEP : this.built ? STEP_OF_BUILT : Infinity;
    };
    this.asked = 0;
    this.more = make("p", { class: "more", hidden: "" });
    this.next = make("button", { type: "button" });
    this.all = make("button", { type: "button" });
    this.up = make("button", { type: "button" }, "Back to the filters");
    this.more.append(this.next, this.all, this.up);
    (this.section.querySelector(".table-wrap") || this.section.lastElementChild).after(this.more);
    this.next.addEventListener("click", this.grow.bind(this, false));
    this.all.addEventListener("click", this.grow.bind(this, true));
    this.up.addEventListener("click", function () {
      this.section.scrollIntoView();
      this.field.focus({ preventScroll: true });
    }.bind(this));
    narrow.addEventListener("change", this.show.bind(this));
    window.addEventListener("beforeprint", this.lay.bind(this, Infinity, true));
    window.addEventListener("afterprint", this.show.bind(this));
  };

  /* The next rows, or all; the first of the new ones has the focus, so that one reads on there. */
  Listing.prototype.grow = function (all) {
    var before = this.most();
    this.asked = all ? Infinity : before + this.step();
    this.changed(false);
    var first = this.ordered.filter(function (row) { return row.shown; })[before];
    var link = first && first.element.querySelector("a");
    if (link) {
      link.focus();
    }
  };

  Listing.prototype.most = function () {
    return Math.max(this.step(), this.asked);
  };

  /* Put the rows in their order, those that are not to be seen hidden or left out. */
  Listing.prototype.lay = function (shown, all) {
    var most = all ? Infinity : this.most(), rank = 0;
    var seen = this.ordered.filter(function (row) {
      row.seen = row.shown && rank < most;
      rank += row.shown ? 1 : 0;
      return row.seen;
    });
    var laid = this.built ? seen : this.ordered;
    this.body.replaceChildren.apply(this.body, laid.map(function (row) {
      this.build(row).hidden = !row.seen;
      return row.element;
    }, this));
    if (!all) {
      var left = shown - seen.length;
      this.more.hidden = this.step() === Infinity || shown <= this.step();
      this.next.hidden = left <= 0;
      this.all.hidden = left <= this.step();
      this.next.textContent = "Show " + inFigures(Math.min(left, this.step())) + " more";
      this.all.textContent = "Show all " + inFigures(shown);
    }
  };

  function rowsInWords(many) {
    return many === 1 ? "1 row" : inFigures(many) + " rows";
  }

  function inFigures(many) {
    return many.toLocaleString("en");
  }

  Listing.prototype.told = function (shown) {
    var here = this.rows.length;
    var all = Number(this.section.dataset.total) || here;
    var noun = (all === 1 ? this.section.dataset.one : this.section.dataset.many) || "rows";
    var text = inFigures(all) + " " + noun;
    if (this.isFiltered()) {
      var part = all > here ? "the first " + inFigures(here) + " of " : "";
      text = inFigures(shown) + (shown > this.most() ? " found of " : " shown of ") + part + text;
    }
    if (this.sorted.column >= 0) {
      text += ", by " + this.words[this.sorted.column] + (this.sorted.down ? ", descending" : ", ascending");
    }
    return shown > this.most() ? text + "; the first " + inFigures(this.most()) + " are shown" : text;
  };

  Listing.prototype.toAddress = function () {
    var address = new URLSearchParams();
    this.facets.forEach(function (facet) {
      if (facet.chosen) {
        address.set(facet.key, facet.chosen);
      }
    });
    if (this.field.value.trim()) {
      address.set("q", this.field.value.trim());
    }
    if (this.sorted.column >= 0) {
      address.set("sort", (this.sorted.down ? "-" : "") + this.words[this.sorted.column]);
    }
    if (this.asked) {
      address.set("rows", this.asked === Infinity ? "all" : String(this.asked));
    }
    return address.toString();
  };

  Listing.prototype.fromAddress = function () {
    var hash = location.hash.slice(1);
    if (hash && !hash.includes("=")) {
      if (!this.ordered) {
        this.show();
      }
      return; /* a place on the page */
    }
    var address = new URLSearchParams(hash);
    this.facets.forEach(function (facet) {
      var wanted = address.get(facet.key) || "";
      facet.chosen = facet.values.includes(wanted) ? wanted : "";
    });
    this.field.value = address.get("q") || "";
    var sort = address.get("sort") || "";
    var down = sort.startsWith("-");
    var column = this.heads.findIndex(function (head, at) {
      return head.dataset.sort !== undefined && this.words[at] === (down ? sort.slice(1) : sort);
    }, this);
    var rows = address.get("rows");
    this.asked = rows === "all" ? Infinity : parseInt(rows, 10) || 0;
    this.sorted = { column: column, down: down && column >= 0 };
    this.show();
  };

  /* Downloads of what is shown --------------------------------------------------------------- */

  Listing.prototype.addDownloads = function () {
    this.links = Array.from(this.section.querySelectorAll("a[data-download]")).filter(function (link) {
      return link.dataset.download === "csv" || link.dataset.download === "json";
    });
    this.links.forEach(function (link) {
      link.dataset.words = link.textContent.trim();
      link.addEventListener("click", function (event) {
        if (this.isFiltered()) {
          event.preventDefault();
          this.download(link.dataset.download);
        }
      }.bind(this));
    }, this);
  };

  /* The columns of a download: those of the whole table, without what only filters. */
  Listing.prototype.columns = function () {
    if (this.data) {
      return this.data.columns
        .map(function (column, at) { return { key: column.key, at: at, left: column.download === false }; })
        .filter(function (column) { return !column.left; });
    }
    return this.words.map(function (key, at) { return { key: key, at: at }; });
  };

  Listing.prototype.shownRows = function (columns) {
    return this.ordered.filter(function (row) { return row.shown; }).map(function (row) {
      return columns.map(function (column) {
        return row.values ? row.values[column.at] : row.element.cells[column.at].textContent.trim();
      });
    });
  };

  Listing.prototype.download = function (form) {
    var chosen = this.columns();
    var rows = this.shownRows(chosen);
    var columns = chosen.map(function (column) { return column.key; });
    var text = form === "csv" ? asCsv(columns, rows) : asJson(columns, rows);
    var type = form === "csv" ? "text/csv;charset=utf-8" : "application/json";
    var link = make("a", { download: (this.name || "table") + "." + form });
    link.href = URL.createObjectURL(new Blob([text], { type: type }));
    link.click();
    window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  };

  function asCsv(columns, rows) {
    return [columns].concat(rows).map(function (row) {
      return row.map(csvCell).join(",");
    }).join("\r\n") + "\r\n";
  }

  /* As in the files, a text that a spreadsheet might run has an apostrophe in front. */
  var FORMULA = /^'*[\t\r\n\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;
  var FIGURES = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$/;

  function csvCell(value) {
    var text = Array.isArray(value) ? value.join("; ") : value === null || value === undefined ? "" : String(value);
    if (FORMULA.test(text) && !FIGURES.test(text)) {
      text = "'" + text;
    }
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function asJson(columns, rows) {
    var all = rows.map(function (row) {
      return Object.fromEntries(columns.map(function (key, at) {
        return [key, row[at] === undefined ? null : row[at]];
      }));
    });
    return JSON.stringify(all, null, 2) + "\n";
  }

  /* On a phone a page of a long table shows its first rows, and a button for its others. */
  function foldRest(section) {
    var rows = Array.from(section.querySelectorAll("tbody tr"));
    var button = make("button", { type: "button" }, "Show all " + inFigures(rows.length) + " rows of this page");
    function show(all) {
      rows.slice(STEP).forEach(function (row) { row.hidden = !all; });
      button.hidden = all;
    }
    button.addEventListener("click", function () {
      show(true);
      rows[STEP].querySelector("a").focus();
    });
    section.querySelector(".table-wrap").after(button);
    window.addEventListener("beforeprint", show.bind(null, true));
    show(!narrow.matches || rows.length <= STEP);
    return button;
  }

  /* A table on several pages has its data fetched when one asks for a filter, or its address does. */
  function later(section) {
    var words = "Filter, sort and search all " + inFigures(Number(section.dataset.total)) + " " + section.dataset.many;
    var button = make("button", { type: "button" }, words);
    section.querySelector("[data-facets]").before(button);
    addLabels(section.querySelector("tbody"), wordsOf(Array.from(section.querySelectorAll("thead th"))));
    var rest = foldRest(section);
    function load(event) {
      button.disabled = true;
      var script = make("script", { src: (document.documentElement.dataset.root || "./") + section.dataset.script });
      script.addEventListener("load", function () {
        button.remove();
        rest.remove();
        section.querySelector(".pages").remove();
        var listing = new Listing(section);
        if (event) {
          listing.field.focus();
        }
      });
      document.body.append(script);
    }
    button.addEventListener("click", load);
    if (location.hash.includes("=")) {
      load();
    }
  }

  document.querySelectorAll(".listing").forEach(function (section) {
    if (section.dataset.script) {
      later(section);
    } else if (section.querySelector("tbody tr")) {
      new Listing(section);
    }
  });
})();
