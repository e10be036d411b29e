"use strict";
/* What pages cannot do without a script: progress, dropped files, sentences taken over. */
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  /* Progress of the job that goes on; the page is shown anew when it ends. */
  const job = one("[data-events]");
  if (job) {
    const bar = one("progress", job), count = one("[data-count]", job);
    const source = new EventSource(job.dataset.events);
    source.onmessage = (event) => {
      const told = JSON.parse(event.data);
      if (!told.running) {
        source.close();
        location.replace(location.href.split("#")[0]);
      } else if (told.of) {
        bar.max = told.of;
        bar.value = told.done;
        count.textContent = `${told.done} / ${told.of}`;
      }
    };
    ["pagehide", "submit"].forEach((name) => addEventListener(name, () => source.close()));
  }

  /* A form is sent once. */
  addEventListener("submit", (event) => {
    const back = one("input[name=back]", event.target);
    if (back) back.value = location.pathname + location.search;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((f) => delete f.dataset.sent));

  all("[data-back]").forEach((button) => button.addEventListener("click", () => history.back()));

  all("[data-offer]").forEach((button) => button.addEventListener("click", () => {
    const place = document.getElementById(button.dataset.offer);
    const said = one("span", button.parentElement).textContent;
    place.value = place.value.trim() ? `${place.value.trim()}\n${said}` : said;
    place.focus();
  }));

  /* Files that are dropped or chosen go up one after the other. */
  const LARGEST = 100 * 1024 * 1024;
  const zh = document.documentElement.lang.startsWith("zh");
  const t = (chinese, english) => (zh ? chinese : english);

  async function entries(transfer) {
    const found = [];
    const walk = async (entry, path) => {
      if (entry.isFile) {
        const file = await new Promise((yes, no) => entry.file(yes, no));
        found.push([path + file.name, file]);
      } else {
        const reader = entry.createReader();
        for (;;) {
          const some = await new Promise((yes, no) => reader.readEntries(yes, no));
          if (!some.length) break;
          for (const each of some) await walk(each, `${path}${entry.name}/`);
        }
      }
    };
    const items = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    for (const entry of items) await walk(entry, "");
    return found.length ? found : [...transfer.files].map((file) => [file.name, file]);
  }

  function line(list, tag, word, name, text) {
    const item = document.createElement("li");
    const mark = document.createElement("span");
    mark.className = `tag ${tag}`;
    mark.textContent = word;
    const bold = document.createElement("b");
    bold.textContent = name;
    item.append(mark, " ", bold, " ", text);
    list.append(item);
    return item;
  }

  async function send(zone, files) {
    const list = one(".uploads", zone);
    list.replaceChildren();
    let failed = 0;
    for (const [name, file] of files) {
      const waiting = line(list, "waiting", t("审核中", "reading"), name, "");
      const say = (tag, word, text) => {
        failed += tag === "bad-upload" ? 1 : 0;
        line(list, tag === "bad-upload" ? "bad" : tag, word, name, text);
      };
      if (file.size > LARGEST) {
        say("bad-upload", t("没有收下", "refused"), t("文件超过 100 MB。", "larger than 100 MB."));
      } else {
        try {
          const answer = await fetch(`${zone.dataset.drop}?name=${encodeURIComponent(name)}`, { method: "PUT", body: file });
          const type = answer.headers.get("content-type") || "";
          const told = type.includes("json") ? await answer.json() : { error: await answer.text() };
          if (!answer.ok) say("bad-upload", t("没有收下", "refused"), told.error);
          else if (told.text) say("good", t("已采用", "taken"), told.text);
          else for (const each of told.files) line(list, each.tone, each.verdict, each.name, `${each.unit}　${each.reason}`);
        } catch {
          say("bad-upload", t("没有收下", "refused"), t("文件无法读取，或者工作台已经退出。", "the file cannot be read, or the desk was closed."));
        }
      }
      waiting.remove();
    }
    const then = one("[data-collect]", zone);
    if (then && files.length > failed) then.requestSubmit();
    else if (!then && !failed) location.reload();
  }

  all("[data-drop]").forEach((zone) => {
    const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
    zone.addEventListener("dragover", (event) => { stop(event); zone.classList.add("over"); });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", async (event) => {
      stop(event);
      zone.classList.remove("over");
      const found = await entries(event.dataTransfer);
      await send(zone, "one" in zone.dataset ? found.slice(0, 1) : found);
    });
    all("input[type=file]", zone).forEach((input) => input.addEventListener("change", async () => {
      const found = [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);
      if (found.length) await send(zone, found);
      input.value = "";
    }));
  });
  /* What is dropped beside the place must not take the page away. */
  ["dragover", "drop"].forEach((name) => addEventListener(name, (event) => event.preventDefault()));
})();
