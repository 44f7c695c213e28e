/* The editor: Ctrl and Enter asks, and what could not be read is where the cursor stands. */
(function () {
  "use strict";

  var editor = document.getElementById("query");

  editor.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      editor.form.requestSubmit();
    }
  });
  document.querySelectorAll("[data-keys]").forEach(function (hint) { hint.hidden = false; });

  if (editor.dataset.line) {
    var lines = editor.value.split("\n").slice(0, editor.dataset.line - 1);
    var place = lines.join("\n").length + (lines.length ? 1 : 0) + Number(editor.dataset.column) - 1;
    editor.focus({ preventScroll: true });
    editor.setSelectionRange(place, place);
  }
})();
