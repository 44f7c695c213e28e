/* Every page: copy buttons, and search where a form asks for it. Nothing here is needed to read. */
(function () {
  "use strict";

  document.documentElement.classList.add("js");

  /* Copying ------------------------------------------------------------------------------ */

  var said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  document.body.appendChild(said);

  function copyText(text) {
    if (navigator.clipboard && window.isSecureContext) {
      return navigator.clipboard.writeText(text);
    }
    /* A page from disk has no clipboard API in some browsers. */
    var area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "visually-hidden";
    document.body.appendChild(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("not copied"));
  }

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var source = document.getElementById(button.dataset.copy);
    if (!source) {
      return;
    }
    var words = button.textContent;
    button.hidden = false;
    button.addEventListener("click", function () {
      copyText(source.textContent.trim()).then(
        function () { tell("Copied"); },
        function () { tell("Not copied: select the text and copy it yourself"); }
      );
    });

    function tell(text) {
      button.textContent = text;
      said.textContent = text;
      button.focus();
      window.setTimeout(function () {
        button.textContent = words;
        said.textContent = "";
      }, 2500);
    }
  });

  /* A long table shows its first rows, and all of them when asked or when one is linked to. - */

  var FIRST = 40;
  document.querySelectorAll("table[data-long]").forEach(function (table) {
    var later = Array.from(table.tBodies[0].rows).slice(FIRST);
    if (later.length <= FIRST / 2) {
      return;
    }
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = "Show all " + table.tBodies[0].rows.length + " " + table.dataset.long;
    table.parentElement.after(button);

    function show(all) {
      later.forEach(function (row) { row.hidden = !all; });
      button.hidden = all;
    }

    function showTarget() {
      var row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (row && later.includes(row)) {
        show(true);
        row.scrollIntoView();
      }
    }

    button.addEventListener("click", function () {
      show(true);
      later[0].tabIndex = -1;
      later[0].focus();
    });
    window.addEventListener("hashchange", showTarget);
    window.addEventListener("beforeprint", show.bind(null, true));
    show(false);
    showTarget();
  });

  /* Search scripts are loaded when a field that offers answers is first used -------------- */

  document.querySelectorAll("form[data-search-scripts]").forEach(function (form) {
    form.addEventListener("focusin", function load() {
      form.removeEventListener("focusin", load);
      var base = document.documentElement.dataset.root || "./";
      form.dataset.searchScripts.split(" ").filter(Boolean).forEach(function (path) {
        var script = document.createElement("script");
        script.src = base + path;
        script.async = false;
        document.body.appendChild(script);
      });
    });
  });

  /* What is folded can't be unfolded on paper. */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details").forEach(function (each) { each.open = true; });
  });
})();
