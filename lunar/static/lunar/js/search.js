// Suggestions while typing in the search field of every page: a combobox with a list, after the
// ARIA Authoring Practices. Without this file the field sends its form and the page has the links.

const WAIT_MS = 150;
const FROM_LETTERS = 2;

function combobox(form) {
  const field = form.querySelector("input[name=q]");
  const list = document.createElement("ul");
  list.id = "site-suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  const told = document.createElement("p");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  form.append(list, told);
  const roles = {
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  };
  for (const [name, value] of Object.entries(roles)) field.setAttribute(name, value);

  let waiting = null;
  let asking = null;
  let active = -1;

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function choose(place) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = place;
    const option = list.children[active];
    if (!option) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  }

  function option({ name, native_name: native, kind, url }, place) {
    const item = document.createElement("li");
    item.id = `${list.id}-${place}`;
    item.dataset.url = url;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    for (const [words, style] of [
      [native ? `${name} ${native}` : name, "name"],
      [kind, "kind"],
    ]) {
      const part = document.createElement("span");
      part.className = style;
      part.textContent = words;
      item.append(part, " ");
    }
    return item;
  }

  function show(suggestions) {
    list.replaceChildren(...suggestions.map(option));
    choose(-1);
    list.hidden = suggestions.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    const number = suggestions.length;
    told.textContent = number === 1 ? "1 suggestion" : `${number || "No"} suggestions`;
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const address = `${form.dataset.suggest}?${new URLSearchParams({ q: field.value })}`;
    try {
      const response = await fetch(address, { signal });
      if (!response.ok) return close();
      const { suggestions } = await response.json();
      if (!signal.aborted && document.activeElement === field) show(suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function askSoon() {
    clearTimeout(waiting);
    if ([...field.value.trim()].length < FROM_LETTERS) close();
    else waiting = setTimeout(ask, WAIT_MS);
  }

  function move(step) {
    const number = list.children.length;
    if (list.hidden) {
      if (number && field.value.trim()) askSoon();
      return;
    }
    // One place more than there are options: the field itself.
    choose(((active + 1 + step + number + 1) % (number + 1)) - 1);
  }

  field.addEventListener("input", askSoon);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && active >= 0) location.assign(list.children[active].dataset.url);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[role=option]");
    if (chosen) location.assign(chosen.dataset.url);
  });
}

combobox(document.querySelector(".site-search"));
