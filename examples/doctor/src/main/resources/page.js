'use strict';
// Everything that is shown is set as text, never as markup: names come from whoever joins the group.
const $ = id => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';
const FINE = 'NOTHING_WRONG';
const LEFT = 46, BOTTOM = 20, TOP = 8, RIGHT = 8;
let seen = null;

const count = n => Math.round(n).toLocaleString('en');
const rate = n => n == null ? '' : n > 0 && n < 10 ? n.toFixed(1) : count(n);
function brief(n) {
  for (const [size, unit] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (n >= size) return +(n / size).toFixed(1) + unit;
  }
  return String(+n.toFixed(1));
}
function span(ms) {
  if (ms == null) return '';
  if (ms < 120e3) return Math.round(ms / 1e3) + ' s';
  if (ms < 7200e3) return Math.round(ms / 60e3) + ' min';
  return ms < 172800e3 ? Math.round(ms / 3600e3) + ' h' : Math.round(ms / 86400e3) + ' d';
}
const pad = n => String(n).padStart(2, '0');
function clock(at) {
  const time = new Date(at);
  return pad(time.getHours()) + ':' + pad(time.getMinutes()) + ':' + pad(time.getSeconds());
}
function put(parent, tag, content, name) {
  const element = document.createElement(tag);
  element.textContent = content;
  if (name) element.className = name;
  parent.append(element);
  return element;
}
function shape(svg, tag, attributes, content) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (content != null) element.textContent = content;
  svg.append(element);
  return element;
}

/** The next round number that is not below. */
function round(most) {
  const size = 10 ** Math.floor(Math.log10(most));
  return [1, 1.5, 2, 3, 5, 7.5, 10].map(n => n * size).find(n => n >= most * 0.999);
}

/** A frame with time along the bottom; at least a minute, so that two looks fill no plot. */
function frame(svg, points, most) {
  svg.replaceChildren();
  const width = svg.clientWidth, height = svg.clientHeight;
  const to = points[points.length - 1].at, from = Math.min(points[0].at, to - 60e3);
  const x = at => LEFT + (width - LEFT - RIGHT) * (at - from) / (to - from);
  const floor = height - BOTTOM;
  const y = value => floor - (floor - TOP) * value / most;
  const ticks = Math.max(2, Math.min(6, Math.floor((width - LEFT) / 110)));
  for (let i = 0; i <= ticks; i++) {
    const at = from + (to - from) * i / ticks;
    const anchor = i === 0 ? 'start' : i === ticks ? 'end' : 'middle';
    shape(svg, 'text', {x: x(at), y: height - 5, 'text-anchor': anchor}, clock(at));
  }
  return {x, y, floor, width, height};
}
function scale(svg, plot, most) {
  for (const part of [0, 0.5, 1]) {
    const y = plot.y(most * part);
    shape(svg, 'line', {class: 'grid', x1: LEFT, x2: plot.width - RIGHT, y1: y, y2: y});
    shape(svg, 'text', {x: LEFT - 6, y: y + 4, 'text-anchor': 'end'}, brief(most * part));
  }
}
function curve(svg, plot, points, get, name) {
  const known = points.filter(p => get(p) != null);
  if (!known.length) return;
  const at = p => plot.x(p.at).toFixed(1) + ' ' + plot.y(get(p)).toFixed(1);
  const path = 'M' + known.map(at).join('L');
  const last = known[known.length - 1];
  if (name === 'lag') {
    shape(svg, 'path', {class: 'area', d: path + 'L' + plot.x(last.at).toFixed(1) + ' ' + plot.floor + 'L' + plot.x(known[0].at).toFixed(1) + ' ' + plot.floor + 'Z'});
  }
  shape(svg, 'path', {class: 'curve ' + name, d: path});
  shape(svg, 'circle', {class: 'dot ' + name, cx: plot.x(last.at), cy: plot.y(get(last)), r: 3});
}
function drawLag(points) {
  const most = round(Math.max(1, ...points.map(p => p.lag)));
  const plot = frame($('lag'), points, most);
  scale($('lag'), plot, most);
  curve($('lag'), plot, points, p => p.lag, 'lag');
  $('lagNow').textContent = count(points[points.length - 1].lag);
}
function drawRates(points) {
  const most = round(Math.max(1, ...points.map(p => Math.max(p.done || 0, p.arrived || 0))));
  const plot = frame($('rates'), points, most);
  scale($('rates'), plot, most);
  curve($('rates'), plot, points, p => p.arrived, 'arrive');
  curve($('rates'), plot, points, p => p.done, 'done');
  const last = points[points.length - 1];
  $('inNow').textContent = rate(last.arrived);
  $('doneNow').textContent = rate(last.done);
}
const mood = code => code === FINE ? 'good' : 'bad';

/** Stretches of looks with the same first cause. */
function spells(points) {
  const all = [];
  for (const point of points) {
    const last = all[all.length - 1];
    if (last && last.code === point.code) last.to = point.at;
    else {
      if (last) last.to = point.at;
      all.push({code: point.code, from: point.at, to: point.at});
    }
  }
  return all;
}
function drawCodes(points) {
  const svg = $('codes');
  const plot = frame(svg, points, 1);
  const all = spells(points);
  for (const spell of all) {
    const x = plot.x(spell.from);
    shape(svg, 'rect', {class: 'spell ' + mood(spell.code), x, y: 2, rx: 2, height: plot.floor - 6, width: Math.max(2, plot.x(spell.to) - x - 1)});
  }
  $('episodes').replaceChildren();
  for (const spell of all.reverse().slice(0, 6)) {
    const item = put($('episodes'), 'li', '');
    put(item, 'time', clock(spell.from) + ' \u2013 ' + (spell.to === points[points.length - 1].at ? 'now' : clock(spell.to)));
    put(item, 'span', spell.code, mood(spell.code));
  }
}
function drawPartitions(report) {
  const shown = [...report.partitions].sort((a, b) => b.lag - a.lag).slice(0, 50);
  $('partitionsOf').textContent = shown.length + ' of ' + report.partitions.length + ', the furthest behind first';
  $('partitions').replaceChildren();
  for (const p of shown) {
    const note = p.note && p.note !== 'SafeConsumer' ? p.note : '';
    const row = put($('partitions'), 'tr', '', note ? 'noted' : '');
    put(row, 'td', p.topic + '-' + p.partition);
    const cell = (name, content, warn) => put(row, 'td', content, warn ? 'warn' : '').setAttribute('data-name', name);
    cell('behind', count(p.lag));
    cell('oldest', span(p.oldestAgeMs));
    cell('stands', p.standsMs ? span(p.standsMs) : '', p.standsMs >= 10e3);
    cell('in/s', rate(p.arrivedPerSecond));
    cell('done/s', rate(p.committedPerSecond));
    cell('owner', p.owner || 'nobody', !p.owner && p.lag > 0);
    if (note) put(put($('partitions'), 'tr', '', 'note'), 'td', note).colSpan = 7;
  }
}
/** One card for all that has the same code and the same remedy. */
function drawCauses(report) {
  $('causes').replaceChildren();
  let box = null, before = null;
  for (const cause of report.causes) {
    if (!before || before.code !== cause.code || before.remedy !== cause.remedy) {
      box = put($('causes'), 'article', '', cause.code === FINE ? 'cause fine' : 'cause');
      put(box, 'span', cause.code, 'code');
      if (cause.remedy) {
        const remedy = put(box, 'p', '', 'remedy');
        put(remedy, 'b', 'Do');
        remedy.append(cause.remedy);
      }
    }
    const evidence = document.createElement('p');
    evidence.textContent = cause.evidence;
    box.insertBefore(evidence, box.querySelector('.remedy'));
    before = cause;
  }
}
function head(name, verdict, state) {
  $('head').className = name;
  $('verdict').textContent = verdict;
  $('state').textContent = state;
}
function draw(history) {
  const report = history.report;
  $('group').textContent = history.group;
  document.title = history.group;
  if (!report) {
    if (history.failure) head('away', 'No answer', history.failure);
    return;
  }
  const trouble = report.causes.filter(cause => cause.code !== FINE).length;
  const state = report.state + ' \u00b7 ' + report.protocol + ' \u00b7 ' + report.members.length +
    (report.members.length === 1 ? ' member' : ' members') + ' \u00b7 ' + count(report.lag) + ' behind \u00b7 looked at ' + clock(report.at);
  if (history.failure) head('away', 'No answer since ' + clock(report.at) + ': ' + history.failure, state);
  else if (trouble) head('bad', trouble === 1 ? 'Something is wrong' : trouble + ' things are wrong', state);
  else head('good', 'Nothing is wrong', state);
  if (trouble) document.title = '(!) ' + history.group;
  drawCauses(report);
  drawLag(history.points);
  drawRates(history.points);
  drawCodes(history.points);
  drawPartitions(report);
  $('unseen').replaceChildren();
  report.unseen.forEach(what => put($('unseen'), 'li', what));
}
async function look() {
  try {
    seen = await (await fetch('history.json')).json();
    draw(seen);
  } catch (away) {
    head('away', 'The doctor does not answer', 'was it ended?');
  }
  setTimeout(look, 2000);
}
addEventListener('resize', () => { if (seen && seen.report) draw(seen); });
look();
