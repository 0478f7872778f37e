"use strict";
// Everything on this page is computed from the numbers in the element "data"; nothing is asked of anybody.
// JSON has no NaN and no infinities: they come as words.
const WORDED = { nan: NaN, inf: Infinity, "-inf": -Infinity };
const DATA = JSON.parse(document.getElementById("data").textContent, (key, value) =>
  value !== null && typeof value === "object" && Object.keys(value).join() === "number" && value.number in WORDED ? WORDED[value.number] : value);

const WORDS = {
  en: {
    other: "中文", theme: "Light / dark", about: "One value of a feature map, and the sums that make it. All numbers are those of the program.",
    seen: "What it sees of the picture", crop: "a part of the picture", whole: "the whole picture", places: "Values around it",
    keys: "Arrow keys or a click slide the window.", levels: ["The whole layer", "One unit", "One window"],
    way: "Maps on the way", preview: "preview", channel: "channel", left: "Left out, because a page has at most 2 MB: ",
    bias: "bias", sum: "sum", rounded: "rounded to float32", map: "value in the map", off: "difference: the order of adding in float32",
    chosen: { max: "The largest is chosen.", min: "The smallest is chosen.", median: "The median is chosen." },
    mean: "mean of", copy: "The value is handed on as it is.", pixel: "This is a pixel of the picture.",
    inputs: "Contribution of each input channel", terms: "value × weight = product", padding: "padding", row: "row", col: "column",
    layer: "The layer reads these maps, and makes the value below.",
  },
  zh_CN: {
    other: "English", theme: "浅色 / 深色", about: "特征图中的一个值，以及得出它的各级求和。所有数字都与程序中的一致。",
    seen: "它在图片上看到的部分", crop: "图片的一部分", whole: "整张图片", places: "它周围的值",
    keys: "用方向键或点击来滑动窗口。", levels: ["整个层", "一个单元", "一个窗口"],
    way: "途中的特征图", preview: "预览", channel: "通道", left: "因页面最大为 2 MB 而省略：",
    bias: "偏置", sum: "总和", rounded: "舍入到 float32", map: "特征图中的值", off: "差异：float32 相加次序所致",
    chosen: { max: "选出最大的值。", min: "选出最小的值。", median: "选出中位数。" },
    mean: "均值，个数为", copy: "该值原样传递。", pixel: "这是图片的一个像素。",
    inputs: "每个输入通道的贡献", terms: "值 × 权重 = 乘积", padding: "填充", row: "行", col: "列",
    layer: "该层读取这些特征图，得出下面的值。",
  },
};

const state = { language: document.documentElement.lang in WORDS ? document.documentElement.lang : "en", place: 0, level: 2 };
const words = () => WORDS[state.language];
const named = (text) => (typeof text === "string" ? text : text[state.language] || text.en);
const byId = (id) => document.getElementById(id);

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  Object.assign(made, properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function numbers(packed) {
  if (packed === null) return null;
  const bytes = Uint8Array.from(atob(packed.bytes), (letter) => letter.charCodeAt(0));
  const kinds = { f4: Float32Array, f8: Float64Array, i4: Int32Array };
  return new kinds[packed.kind](bytes.buffer);
}

const TERMS = Object.fromEntries(Object.entries(DATA.terms).map(([name, packed]) => [name, numbers(packed)]));
const PIXELS = numbers(DATA.picture.values);

// The fewest digits that give the same float32 again; a sum is written in nine.
function short(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  if (Math.fround(value) === value) {
    for (let digits = 1; digits <= 9; digits++) {
      const text = value.toPrecision(digits);
      if (Math.fround(Number(text)) === value) return plain(Number(text));
    }
  }
  return plain(Number(value.toPrecision(9)));
}
const brief = (value) => (Number.isFinite(value) ? plain(Number(value.toPrecision(4))) : short(value));
const plain = (value) => String(value).replaceAll("-", "−");

// Shewchuk's partial sums: the exact sum, rounded once, as the program adds.
function exactSum(values) {
  const partials = [];
  for (let x of values) {
    if (!Number.isFinite(x)) return values.reduce((a, b) => a + b, 0);
    let kept = 0;
    for (let y of partials) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low) partials[kept++] = low;
      x = high;
    }
    partials.length = kept;
    partials.push(x);
  }
  let n = partials.length;
  if (!n) return 0;
  let high = partials[--n];
  let low = 0;
  while (n > 0) {
    const x = high;
    const y = partials[--n];
    high = x + y;
    low = y - (high - x);
    if (low) break;
  }
  if (n > 0 && ((low < 0 && partials[n - 1] < 0) || (low > 0 && partials[n - 1] > 0))) {
    const y = low * 2;
    const x = high + y;
    if (y === x - high) high = x;
  }
  return high;
}

function termsOf(place) {
  const { start, count } = DATA.places[place];
  const found = [];
  for (let i = start; i < start + count; i++) {
    const weightAt = DATA.sharedWeights ? i - start : i;
    const weight = TERMS.weight === null ? null : TERMS.weight[weightAt];
    const value = TERMS.value[i];
    found.push({
      node: TERMS.node[i], channel: TERMS.channel[i], row: TERMS.row[i], col: TERMS.col[i], outside: TERMS.outside[i] === 1,
      value, weight, product: weight === null ? null : weight === 0 && !Number.isNaN(value) ? 0 : value * weight, wins: TERMS.wins[i] === 1,
    });
  }
  return found;
}

function groups(terms) {
  const found = new Map();
  for (const term of terms) {
    const key = `${term.node}/${term.channel}`;
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(term);
  }
  return [...found.values()];
}

const heading = (group) => `${DATA.nodes[group[0].node].name} [${group[0].channel}]`;

// -- what is shown ------------------------------------------------------------------------------------------

function line(text, amount) {
  return element("div", {}, element("span", { className: "dim", textContent: `${text}: ` }), element("span", { textContent: short(amount) }));
}

function conclusion(place, terms) {
  const own = DATA.places[place];
  const box = element("div", { className: "sum" });
  if (DATA.rule === "sum" && terms.every((term) => term.product !== null)) {
    const sum = exactSum([...terms.map((term) => term.product), own.bias]);
    const rounded = DATA.dtype === "float32" ? Math.fround(sum) : sum;
    if (own.bias !== 0) box.append(line(words().bias, own.bias));
    box.append(line(words().sum, sum));
    if (rounded !== sum) box.append(line(words().rounded, rounded));
    if (rounded !== own.value) box.append(line(words().off, own.value - rounded));
  } else if (DATA.rule === "mean") {
    const sum = exactSum(terms.map((term) => term.value));
    box.append(line(words().sum, sum), element("div", { textContent: `${words().mean} ${DATA.divisors[place]}: ${short(sum)} / ${DATA.divisors[place]}` }));
  } else if (DATA.rule in words().chosen) {
    box.append(element("div", { textContent: words().chosen[DATA.rule] }));
  } else if (DATA.rule === "copy") {
    box.append(element("div", { textContent: words().copy }));
  } else if (DATA.rule === "pixel") {
    box.append(element("div", { textContent: words().pixel }));
  }
  if (own.formula) box.append(element("div", { textContent: own.formula }));
  box.append(element("div", { className: "value", id: "value", textContent: `${DATA.node} [${DATA.channel}, ${own.row}, ${own.col}] = ${short(own.value)}` }));
  return box;
}

function frame(map, regions) {
  const holder = element("span", { className: "frame" });
  const zoom = Math.max(1, Math.floor(200 / Math.max(map.width, map.height)));
  holder.append(element("img", { src: map.image, width: map.width * zoom, height: map.height * zoom, alt: "" }));
  for (const [top, left, bottom, right] of regions) {
    const box = element("span", { className: "box" });
    // In parts of the picture, so that they stay in place where it is shown smaller.
    const across = (cells) => `${(100 * cells) / map.columns}%`;
    const down = (cells) => `${(100 * cells) / map.rows}%`;
    Object.assign(box.style, {
      left: across(left - (map.left || 0)), top: down(top - (map.top || 0)), width: across(right - left), height: down(bottom - top),
    });
    holder.append(box);
  }
  return holder;
}

function figure(map, caption, regions) {
  return element("figure", {}, frame(map, regions), element("figcaption", { textContent: caption }));
}

const caption = (map) => {
  const reduced = map.columns > map.width ? `, ${words().preview}` : "";
  return `${map.name} · ${named(map.title)} · ${words().channel} ${map.channel} · ${map.rows} × ${map.columns}${reduced}`;
};

function regionOf(place, node) {
  const found = DATA.places[place].regions[node];
  return found ? [found] : [];
}

function wholeLayer(place) {
  const terms = termsOf(place);
  const maps = element("div", { className: "maps" });
  const read = new Set(terms.map((term) => `${DATA.nodes[term.node].name}/${term.channel}`));
  for (const map of DATA.maps) {
    if (read.has(`${map.name}/${map.channel}`)) maps.append(figure(map, caption(map), regionOf(place, map.name)));
  }
  return [conclusion(place, terms), element("p", { className: "dim", textContent: words().layer }), maps];
}

function oneUnit(place) {
  const terms = termsOf(place);
  const table = element("table", { className: "grid" });
  if (DATA.rule === "sum") {
    for (const group of groups(terms)) {
      const amount = exactSum(group.map((term) => term.product));
      table.append(element("tr", {}, element("td", { textContent: heading(group) }), element("td", { textContent: short(amount), className: amount < 0 ? "minus" : "plus" })));
    }
  } else {
    for (const group of groups(terms)) table.append(element("tr", {}, element("td", { textContent: heading(group) }), element("td", { textContent: group.length })));
  }
  return [conclusion(place, terms), element("p", { className: "dim", textContent: words().inputs }), table];
}

function oneWindow(place) {
  const terms = termsOf(place);
  const parts = [conclusion(place, terms)];
  if (DATA.rule === "sum") parts.push(element("p", { className: "dim", textContent: words().terms }));
  for (const group of groups(terms)) {
    parts.push(element("div", { className: "dim", textContent: heading(group) }));
    const table = element("table", { className: "grid" });
    let row = null;
    let last = null;
    for (const term of group) {
      if (term.row !== last || row === null) {
        row = element("tr");
        table.append(row);
        last = term.row;
      }
      const kind = term.outside ? "outside" : term.product === null ? "" : term.product < 0 ? "minus" : "plus";
      const where = `${words().row} ${term.row}, ${words().col} ${term.col}${term.outside ? ` (${words().padding})` : ""}`;
      const weighs = term.weight !== null && DATA.rule === "sum";
      const factors = weighs ? element("small", { className: "dim", textContent: `${short(term.value)} × ${short(term.weight)}` }) : null;
      const cell = element("td", { className: term.wins ? "wins" : kind, title: where }, factors, factors && element("br"), short(weighs ? term.product : term.value));
      row.append(cell);
    }
    parts.push(table);
  }
  return parts;
}

function showPlaces() {
  const rows = [...new Set(DATA.places.map((place) => place.row))].sort((a, b) => a - b);
  const cols = [...new Set(DATA.places.map((place) => place.col))].sort((a, b) => a - b);
  const table = element("table", { className: "grid", id: "grid" });
  table.setAttribute("role", "grid");
  for (const row of rows) {
    const line = element("tr");
    for (const col of cols) {
      const index = DATA.places.findIndex((place) => place.row === row && place.col === col);
      const cell = element("td", { textContent: index < 0 ? "" : brief(DATA.places[index].value) });
      if (index >= 0) {
        cell.setAttribute("role", "gridcell");
        cell.dataset.place = `${row},${col}`;
        cell.tabIndex = index === state.place ? 0 : -1;
        cell.title = `${words().row} ${row}, ${words().col} ${col}: ${short(DATA.places[index].value)}`;
        if (index === state.place) cell.classList.add("pinned");
        cell.addEventListener("click", () => go(index));
      }
      line.append(cell);
    }
    table.append(line);
  }
  byId("places").replaceChildren(table);
}

function showPicture() {
  const picture = DATA.picture;
  const holder = figure(picture, `${picture.name} · ${picture.whole ? words().whole : words().crop}`, regionOf(state.place, "image"));
  const image = holder.querySelector("img");
  const readout = element("div", { className: "dim", id: "pixel", textContent: " " });
  image.addEventListener("mousemove", (event) => {
    const scale = picture.columns / image.clientWidth;
    const row = Math.floor(event.offsetY * scale) + picture.top;
    const col = Math.floor(event.offsetX * scale) + picture.left;
    readout.textContent = `${words().row} ${row}, ${words().col} ${col}: ${pixel(row, col)}`;
  });
  byId("seen").replaceChildren(holder, readout);
}

function pixel(row, col) {
  const part = DATA.picture.numbers;
  if (PIXELS === null || row < part.top || col < part.left || row >= part.top + part.rows || col >= part.left + part.columns) return "–";
  const found = [];
  for (let channel = 0; channel < part.channels; channel++) {
    found.push(short(PIXELS[(channel * part.rows + row - part.top) * part.columns + col - part.left]));
  }
  return found.join("  ");
}

function show() {
  const own = words();
  byId("title").textContent = document.title;
  byId("about").textContent = own.about;
  byId("language").textContent = own.other;
  byId("theme").textContent = own.theme;
  byId("seen-title").textContent = own.seen;
  byId("place-title").textContent = own.places;
  byId("keys").textContent = own.keys;
  byId("way-title").textContent = own.way;
  byId("levels").replaceChildren(...own.levels.map((text, level) => {
    const tab = element("button", { type: "button", textContent: text, id: `level-${level}`, onclick: () => { state.level = level; show(); byId(`level-${level}`).focus(); } });
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-selected", String(level === state.level));
    return tab;
  }));
  byId("level").replaceChildren(...[wholeLayer, oneUnit, oneWindow][state.level](state.place));
  byId("way").replaceChildren(...DATA.maps.map((map) => figure(map, caption(map), regionOf(state.place, map.name))));
  byId("left-out").textContent = DATA.leftOut.length ? own.left + DATA.leftOut.map(named).join(", ") : "";
  showPlaces();
  showPicture();
}

function go(index, focus = true) {
  state.place = index;
  show();
  if (focus) byId("grid").querySelector("td.pinned").focus();
}

document.addEventListener("keydown", (event) => {
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  if (!(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
  const { row, col } = DATA.places[state.place];
  const [down, across] = steps[event.key];
  const index = DATA.places.findIndex((place) => place.row === row + down && place.col === col + across);
  if (index >= 0) {
    event.preventDefault();
    go(index);
  }
});
byId("language").addEventListener("click", () => {
  state.language = state.language === "en" ? "zh_CN" : "en";
  document.documentElement.lang = state.language;
  show();
});
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
show();
