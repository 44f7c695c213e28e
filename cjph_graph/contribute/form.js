// Makes Turtle of a form that follows from the shapes: see web_form.py. Without it the form still
// sends the blank text in its last field.
(() => {
  "use strict";

  const LONGEST_LINK = 8191;

  const slug = (name) => {
    const text = name.replace(/[’'.]/g, "").normalize("NFKD").replace(/[^\x00-\x7f]/g, "");
    let found = "";
    for (const word of text.toLowerCase().match(/[a-z0-9]+/g) || []) {
      if (found && found.length + word.length >= 60) break;
      found = found ? `${found}-${word}` : word.slice(0, 60);
    }
    return found;
  };

  const quoted = (text) =>
    `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\r?\n/g, " ")}"`;

  const dated = (text) => {
    const kind = { 4: "gYear", 7: "gYearMonth", 10: "date" }[text.length];
    return kind ? `"${text}"^^xsd:${kind}` : null;
  };

  // What is written for an answer; null where it can't be.
  const term = (holds, text) => {
    switch (holds) {
      case "link":
        return /^[a-z][\w-]*:[\w-]+$/.test(text) ? text : null;
      case "address":
        return /^https?:\/\/[^\s<>"{}|^`\\]+$/.test(text) ? `<${text}>` : null;
      case "date":
        return /^\d{4}(-\d\d(-\d\d)?)?$/.test(text) ? dated(text) : null;
      case "number":
        return /^[+-]?\d+(\.\d+)?$/.test(text) ? text : null;
      case "boolean":
        return /^(true|false)$/.test(text) ? text : null;
      case "text":
        return `${quoted(text.trim())}@en`;
      default:
        return quoted(text.trim());
    }
  };

  const answers = (field) =>
    [...field.querySelectorAll("input, select, textarea")]
      .filter((each) => !/checkbox|radio/.test(each.type) || each.checked)
      .map((each) => each.value.trim())
      .filter(Boolean);

  // The fields of a thing or of a part, without those of the parts inside it.
  const fieldsOf = (box) =>
    [...box.querySelectorAll("[data-path]")].filter(
      (field) => field.parentElement.closest("[data-kind]") === box,
    );

  const block = (subject, box, links, problems) => {
    const lines = [subject, `    a ${box.dataset.kind} ;`];
    for (const field of fieldsOf(box)) {
      const { path, holds, label } = field.dataset;
      const terms = answers(field).map((text) => {
        const found = term(holds, text);
        if (found === null) problems.push(`${label}: “${text}” is not written as it should be.`);
        return found;
      });
      const values = terms.filter((each) => each !== null);
      if (values.length) lines.push(`    ${path} ${values.join(" , ")} ;`);
      else if (field.dataset.needed) problems.push(`${label} is needed.`);
    }
    for (const link of links) lines.push(`    ${link} ;`);
    lines[lines.length - 1] = lines[lines.length - 1].replace(/;$/, ".");
    return lines.join("\n");
  };

  const written = (form) => {
    const problems = [];
    const name = form.querySelector("[data-name] input, [data-name] textarea").value;
    const short = slug(name) || "no-name";
    const parts = [...form.querySelectorAll("[data-part]")].filter((box) =>
      fieldsOf(box).some((field) => answers(field).length),
    );
    const counts = {};
    const named = parts.map((box) => {
      counts[box.dataset.part] = (counts[box.dataset.part] || 0) + 1;
      return [box, `:${box.dataset.part}${counts[box.dataset.part]}`];
    });
    const links = {};
    for (const [box, own] of named) (links[box.dataset.by] ||= []).push(own);
    const main = Object.entries(links).map(([path, own]) => `${path} ${own.join(" , ")}`);
    const blocks = [block(form.dataset.prefix + short, form, main, problems)];
    for (const [box, own] of named) blocks.push(block(own, box, [], problems));
    const body = blocks.join("\n\n");
    const prefixes = JSON.parse(form.dataset.prefixes);
    if (named.length) prefixes[""] = `${form.dataset.namespace}${short}#`;
    const used = Object.keys(prefixes)
      .filter((each) => each === "" || new RegExp(`(^|[\\s^(])${each}:`, "m").test(body))
      .sort();
    const head = used.map((each) => `@prefix ${each}: <${prefixes[each]}> .\n`).join("");
    return { problems, short, text: `${head}\n${body}\n` };
  };

  for (const form of document.querySelectorAll("form[data-kind]")) {
    const text = form.querySelector("textarea[name=value]");
    const file = form.querySelector("input[name=filename]");
    const list = form.querySelector("[data-problems]");
    const download = form.querySelector("a[download]");

    const show = () => {
      const { problems, short, text: turtle } = written(form);
      text.value = turtle;
      file.value = `${short}.ttl`;
      list.replaceChildren(
        ...problems.map((each) => {
          const item = document.createElement("li");
          item.textContent = each;
          return item;
        }),
      );
      if (download.href.startsWith("blob:")) URL.revokeObjectURL(download.href);
      download.href = URL.createObjectURL(new Blob([turtle], { type: "text/turtle" }));
      download.download = file.value;
      download.hidden = false;
    };

    for (const more of form.querySelectorAll("button[data-more]")) {
      more.hidden = false;
      more.addEventListener("click", () => {
        const last = more.previousElementSibling;
        const copy = last.cloneNode(true);
        const inputs = "input, select, textarea";
        for (const each of [copy, ...copy.querySelectorAll("*")]) {
          each.removeAttribute("id");
          if (!each.matches(inputs)) continue;
          if (/checkbox|radio/.test(each.type)) each.checked = false;
          else each.value = "";
        }
        more.before(copy);
        for (const each of copy.matches(inputs) ? [copy] : copy.querySelectorAll(inputs)) {
          each.setAttribute("aria-label", each.closest("[data-label]").dataset.label);
        }
        copy.focus();
      });
    }
    form.addEventListener("input", (event) => {
      if (event.target !== text) show();
    });
    form.addEventListener("submit", (event) => {
      const address = new URL(form.action);
      address.search = new URLSearchParams({ filename: file.value, value: text.value });
      if (address.href.length > LONGEST_LINK) {
        event.preventDefault();
        list.replaceChildren(
          Object.assign(document.createElement("li"), {
            textContent: "This is too long for a link. Download the file, and add it there.",
          }),
        );
      }
    });
    text.readOnly = false;
    show();
  }
})();
