// Files: chosen in forms and the composer, shown in messages.

import { base, post, Refused } from "./api.js";
import { el, icon, iconButton, newId, toast } from "./dom.js";
import { store } from "./store.js";

/** Where this page gets what is in a file, as the person that is played. */
export function fileAddress(id) {
  return `${base}play/file?${new URLSearchParams({ id, as: store.me })}`;
}

function base64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

async function sizeOf(file) {
  if (!file.type.startsWith("image/")) return {};
  const drawn = await createImageBitmap(file).catch(() => null);
  return drawn ? { width: drawn.width, height: drawn.height } : {};
}

/** Uploads files of this machine; {value: id, text: name} of each that arrived. */
async function upload(files) {
  const uploaded = [];
  for (const file of files) {
    try {
      const { id } = await post("upload", { as: store.me, name: file.name, mimetype: file.type || null,
        content: await base64(file), ...await sizeOf(file) });
      uploaded.push({ value: id, text: file.name });
    } catch (error) {
      toast(error instanceof Refused ? error.message : `${file.name} could not be uploaded.`, { bad: true });
    }
  }
  return uploaded;
}

/** A button that opens the file dialog, and the list of what was chosen. `onChange` hears each change. */
function picker({ value, attributes, most, onChange }) {
  let chosen = value;
  const id = attributes.id ?? newId("files");
  const list = el("ul", { class: "chosen-files" });
  const input = el("input", { ...attributes, id, type: "file", multiple: most > 1, class: "file-field" });

  function draw() {
    list.replaceChildren(...chosen.map((file) => el("li", {}, icon("check"), el("span", {}, file.text),
      iconButton("close", `Take out ${file.text}`, () => set(chosen.filter((one) => one !== file)), { class: "small" }))));
  }
  function set(next, told = true) {
    chosen = next;
    draw();
    if (told) onChange(chosen);
  }
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.setAttribute("aria-busy", "true");
    const uploaded = await upload(files);
    input.removeAttribute("aria-busy");
    input.value = "";
    set([...chosen, ...uploaded]);
  });
  draw();
  return { input, list, set };
}

/** file_input. */
export function fileInput(element, { value, attributes, onChange }) {
  const { input, list, set } = picker({ value, attributes, most: element.max_files ?? 10, onChange });
  return { node: el("div", { class: "file-input" }, list, input), set: (next) => set(next, false) };
}

/** For the composer: a button, and the list of what goes with the message. */
export function filesToSend(onChange) {
  const { input, list, set } = picker({ value: [], attributes: { "aria-label": "Files", hidden: true }, most: 10, onChange });
  const button = iconButton("attach", "Attach files", () => input.click());
  return { button: el("span", {}, button, input), list, clear: () => set([]) };
}

function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A file of a message: pictures as such, others by name, what is gone as such. */
export function fileNode(file) {
  if (file.mode === "tombstone") return el("p", { class: "file gone" }, icon("warning"), "This file was deleted.");
  const alt = file.alt_txt ?? file.name;
  if (/^image\/(png|jpeg|gif|webp)$/.test(file.mimetype)) {
    const image = el("img", { src: fileAddress(file.id), alt, class: "picture", loading: "lazy" });
    image.addEventListener("error", () => image.replaceWith(
      el("span", { class: "no-picture", role: "img", "aria-label": alt }, alt)));
    return el("figure", { class: "file" }, el("figcaption", {}, file.name), image);
  }
  return el("p", { class: "file" }, icon("attach"), el("span", {}, `${file.name} (${size(file.size)})`));
}
