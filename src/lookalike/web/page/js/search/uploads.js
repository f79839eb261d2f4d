// Pictures that the user brings: dropped, pasted, chosen or drawn. They live as long as the page.

import { el } from "../dom.js";

const kept = new Map();

/** Keeps a picture and gives the name it has in the address. */
export function keep(blob) {
  const id = String(kept.size + 1);
  kept.set(id, { blob, shown: URL.createObjectURL(blob), name: blob.name || "picture" });
  return id;
}

/** A kept picture: {blob, shown, name, sent}; undefined after a reload. */
export const keptPicture = (id) => kept.get(id);

/** The first picture of a drop or a paste, or null. */
export function pictureIn(transfer) {
  return [...(transfer?.files || [])].find((file) => file.type.startsWith("image/") || /\.(heic|heif|avif|tiff?|psd|jp2|qoi)$/i.test(file.name)) || null;
}

/** Asks the user for a picture file. */
export function choose() {
  return new Promise((chosen) => {
    const field = el("input", { type: "file", accept: "image/*,.heic,.heif,.avif,.tif,.tiff" });
    field.addEventListener("change", () => chosen(field.files[0] || null));
    field.addEventListener("cancel", () => chosen(null));
    field.click();
  });
}

/** Lets a picture be dropped anywhere or pasted; `taken(file)` gets it, `refused()` hears of others. */
export function receive(taken, refused) {
  const sign = el("div", { class: "drop-here", text: "Drop the picture to find what is like it", "aria-hidden": "true" });
  let depth = 0;
  const holds = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  const heard = {
    dragenter: (event) => holds(event) && (depth += 1) === 1 && document.body.append(sign),
    dragleave: (event) => holds(event) && (depth -= 1) <= 0 && sign.remove(),
    dragover: (event) => holds(event) && event.preventDefault(),
    drop: (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      depth = 0;
      sign.remove();
      take(event.dataTransfer);
    },
    paste: (event) => event.clipboardData?.files.length && take(event.clipboardData),
  };
  const take = (transfer) => {
    const file = pictureIn(transfer);
    if (file) taken(file);
    else refused();
  };
  for (const [event, act] of Object.entries(heard)) document.addEventListener(event, act);
  return () => {
    sign.remove();
    for (const [event, act] of Object.entries(heard)) document.removeEventListener(event, act);
  };
}
