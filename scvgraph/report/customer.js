"use strict";
for (const figure of document.querySelectorAll(".explore")) {
  const panel = figure.querySelector(".panel");
  const drawing = figure.querySelector("svg");
  const parts = [...figure.querySelectorAll("[data-about]")];
  const usual = panel.textContent;
  const clear = () => {
    panel.textContent = usual;
    drawing.classList.remove("asked");
    for (const part of parts) part.classList.remove("on", "near");
  };
  const show = (part) => {
    clear();
    const id = part.dataset.about;
    const about = id && document.getElementById("about-" + id);
    panel.replaceChildren(about ? about.content.cloneNode(true) : part.querySelector("title").textContent);
    part.classList.add("on", "near");
    if (!id) return;
    const near = new Set([id, ...(part.dataset.ends || "").split(" ")]);
    for (const link of parts) {
      const ends = (link.dataset.ends || "").split(" ");
      if (!part.dataset.ends && ends.includes(id)) {
        link.classList.add("near");
        ends.forEach((end) => near.add(end));
      }
    }
    for (const node of parts) if (near.has(node.dataset.about)) node.classList.add("near");
    drawing.classList.add("asked");
  };
  figure.addEventListener("click", (event) => {
    const part = event.target.closest("[data-about]");
    if (part) show(part);
    else if (event.target.closest("svg")) clear();
  });
  figure.addEventListener("keydown", (event) => {
    const part = event.target.closest("[data-about]");
    if (event.key === "Escape") clear();
    else if (part && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      show(part);
    }
  });
  const field = figure.querySelector(".field");
  field.scrollLeft = drawing.classList.contains("network") ? (field.scrollWidth - field.clientWidth) / 2 : 0;
  const tools = figure.querySelector(".tools");
  if (!tools) continue;
  tools.hidden = false;
  const first = [drawing.style.minWidth, drawing.style.maxWidth];
  let scale = 0;
  tools.addEventListener("click", (event) => {
    const step = Number(event.target.dataset.step);
    if (Number.isNaN(step)) return;
    const wide = drawing.viewBox.baseVal.width;
    scale = step ? Math.min(4, Math.max(0.2, (scale || drawing.clientWidth / wide) * (step > 0 ? 1.35 : 1 / 1.35))) : 0;
    const size = scale ? Math.round(wide * scale) + "px" : "";
    drawing.style.width = size;
    drawing.style.minWidth = size ? "0" : first[0];
    drawing.style.maxWidth = size ? "none" : first[1];
  });
}
