// Comfort for the Moon map: zoom and pan, details of the landing pointed at, filters without
// reload. Without this file the page does all of it with links and the form.

const KEYS = { "+": 1.5, "=": 1.5, "-": 1 / 1.5 };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const MOST = 12;

function moon(svg) {
  const { width, height } = svg.viewBox.baseVal;
  const fixed = [...svg.querySelectorAll(".moon-fixed")].map((mark) => [
    mark,
    mark.getAttribute("transform"),
  ]);
  let zoom = 1;
  let left = 0;
  let top = 0;

  function show() {
    left = Math.min(Math.max(left, 0), width - width / zoom);
    top = Math.min(Math.max(top, 0), height - height / zoom);
    svg.setAttribute("viewBox", `${left} ${top} ${width / zoom} ${height / zoom}`);
    for (const [mark, place] of fixed) {
      mark.setAttribute("transform", `${place} scale(${1 / zoom})`);
    }
    svg.classList.toggle("is-zoomed", zoom > 1);
  }

  // Zooms by `factor`, keeping the point at the shares `x` and `y` of the picture where it is.
  function zoomBy(factor, x = 0.5, y = 0.5) {
    const next = Math.min(Math.max(zoom * factor, 1), MOST);
    left += x * width * (1 / zoom - 1 / next);
    top += y * height * (1 / zoom - 1 / next);
    zoom = next;
    show();
  }

  function panBy(x, y) {
    left += x;
    top += y;
    show();
  }

  const figure = svg.closest("figure");
  const buttons = document.createElement("div");
  buttons.className = "moon-buttons";
  const actions = [
    ["+", "Zoom in", () => zoomBy(1.5)],
    ["−", "Zoom out", () => zoomBy(1 / 1.5)],
    ["⟲", "Show the whole picture", () => zoomBy(0)],
  ];
  for (const [sign, words, act] of actions) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", `${words}: ${figure.querySelector("strong").textContent}`);
    button.title = words;
    button.addEventListener("click", act);
    buttons.append(button);
  }
  figure.insertBefore(buttons, svg);

  figure.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (KEYS[event.key]) zoomBy(KEYS[event.key]);
    else if (event.key === "0") zoomBy(0);
    else if (ARROWS[event.key] && zoom > 1) {
      const [x, y] = ARROWS[event.key];
      panBy((x * width) / zoom / 8, (y * height) / zoom / 8);
    } else return;
    event.preventDefault();
  });

  // The page keeps its scrolling: the wheel zooms with Ctrl only, as in other maps.
  svg.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const box = svg.getBoundingClientRect();
      const share = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2, ...share);
    },
    { passive: false },
  );

  let from = null;
  let moved = false;
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("pointerdown", (event) => {
    moved = false;
    from = zoom > 1 && event.button === 0 ? [event.clientX, event.clientY] : null;
  });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    const x = event.clientX - from[0];
    const y = event.clientY - from[1];
    if (!moved && Math.hypot(x, y) < 5) return;
    if (!moved) svg.setPointerCapture(event.pointerId);
    moved = true;
    from = [event.clientX, event.clientY];
    const perPixel = width / zoom / svg.getBoundingClientRect().width;
    panBy(-x * perPixel, -y * perPixel);
  });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => (from = null));
  svg.addEventListener(
    "click",
    (event) => {
      if (moved) event.preventDefault();
      moved = false;
    },
    true,
  );
}

function enhance(part) {
  for (const svg of part.querySelectorAll("svg[data-moon]")) moon(svg);
}

function tell(event) {
  const site = event.target.closest?.(".moon-site a");
  if (site) {
    const details = document.querySelector("[data-details]");
    details.textContent = site.querySelector("title").textContent;
  }
}

function filterInPlace(form) {
  let latest = 0;

  async function load(address, isNew) {
    const asked = ++latest;
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (asked !== latest) return;
    if (!response.ok || !page.querySelector("[data-swap]")) {
      location.assign(address);
      return;
    }
    for (const part of document.querySelectorAll("[data-swap]")) {
      part.replaceChildren(...page.querySelector(`[data-swap="${part.dataset.swap}"]`).childNodes);
      enhance(part);
    }
    for (const select of form.querySelectorAll("select")) {
      const fresh = page.querySelector(`select[name="${select.name}"]`);
      if (!fresh) continue;
      const { value } = fresh;
      select.replaceChildren(...fresh.childNodes);
      select.value = value;
    }
    document.title = page.title;
    if (isNew) history.pushState(null, "", address);
  }

  function wanted() {
    const query = new URLSearchParams(
      [...new FormData(form)].filter(([, value]) => value !== ""),
    ).toString();
    return form.getAttribute("action") + (query ? `?${query}` : "");
  }

  function go(address, isNew) {
    load(address, isNew).catch(() => location.assign(address));
  }

  form.addEventListener("change", () => go(wanted(), true));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(wanted(), true);
  });
  addEventListener("popstate", () => {
    if (!location.hash) go(location.href, false);
  });
}

enhance(document);
document.addEventListener("pointerover", tell);
document.addEventListener("focusin", tell);
filterInPlace(document.querySelector(".map-filters"));
