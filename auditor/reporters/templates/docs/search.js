/* Written by auditor policy docs. */
/* Search without a server. The index is a script, so that it can be read from a disk; it is loaded when it is needed. */
(function () {
  "use strict";
  var script = document.currentScript;
  var root = script.getAttribute("data-root");
  var box = document.querySelector(".search");
  var field = document.getElementById("search-field");
  var list = document.getElementById("search-results");
  var status = document.getElementById("search-status");
  var MOST = 40;
  var entries = null;
  var waiting = [];
  var active = -1;

  function load(then) {
    if (entries) { then(); return; }
    waiting.push(then);
    if (waiting.length > 1) { return; }
    var data = document.createElement("script");
    data.src = script.getAttribute("data-index");
    data.onload = function () {
      entries = window.auditorSearchIndex.map(function (row) {
        return { kind: row[0], title: row[1], about: row[2], url: row[3],
                 name: row[1].toLowerCase(), text: row[2].toLowerCase() };
      });
      waiting.splice(0).forEach(function (next) { next(); });
    };
    data.onerror = function () {
      waiting = [];
      status.textContent = "The index of the search cannot be read.";
    };
    document.head.appendChild(data);
  }

  /* Lower is better; null for an entry that lacks a word. There are many fields, so they come after the rest. */
  function rank(entry, words) {
    var sum = /^field/.test(entry.kind) && entry.name.indexOf(".") > 0 ? 2 : 0;
    for (var i = 0; i < words.length; i++) {
      var at = entry.name.indexOf(words[i]);
      if (entry.name === words[i]) { sum += 0; }
      else if (at === 0) { sum += 1; }
      else if (at > 0) { sum += /[a-z0-9]/.test(entry.name[at - 1]) ? 3 : 2; }
      else if (entry.text.indexOf(words[i]) >= 0) { sum += 6; }
      else { return null; }
    }
    return sum;
  }

  function find(query) {
    var words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) { return null; }
    var found = [];
    entries.forEach(function (entry, position) {
      var value = rank(entry, words);
      if (value !== null) { found.push([value, entry.name.length, position, entry]); }
    });
    found.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]; });
    return found.map(function (row) { return row[3]; });
  }

  function part(name, text) {
    var made = document.createElement("span");
    made.className = name;
    made.textContent = text;
    return made;
  }

  function option(entry, position) {
    var item = document.createElement("li");
    item.id = "search-result-" + position;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    var link = document.createElement("a");
    link.href = root + entry.url;
    link.tabIndex = -1;
    link.appendChild(part("what", entry.kind));
    link.appendChild(part("name", entry.title));
    if (entry.about) { link.appendChild(part("about", entry.about)); }
    item.appendChild(link);
    return item;
  }

  function show() {
    load(function () {
      var found = find(field.value);
      list.textContent = "";
      mark(-1);
      if (found === null) { close(); return; }
      found.slice(0, MOST).forEach(function (entry, position) {
        list.appendChild(option(entry, position));
      });
      if (!found.length) {
        var none = document.createElement("li");
        none.className = "none";
        none.setAttribute("role", "option");
        none.setAttribute("aria-disabled", "true");
        none.textContent = "Nothing has all of these words.";
        list.appendChild(none);
      }
      list.hidden = false;
      field.setAttribute("aria-expanded", "true");
      status.textContent = found.length === 1 ? "1 result" : found.length + " results" +
        (found.length > MOST ? ", the first " + MOST + " are shown" : "");
    });
  }

  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    status.textContent = "";
    mark(-1);
  }

  function options() { return list.querySelectorAll("[role=option]:not([aria-disabled])"); }

  function mark(position) {
    var all = options();
    if (active >= 0 && all[active]) { all[active].setAttribute("aria-selected", "false"); }
    active = position;
    if (active < 0 || !all[active]) { field.removeAttribute("aria-activedescendant"); return; }
    all[active].setAttribute("aria-selected", "true");
    all[active].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", all[active].id);
  }

  function keys(event) {
    var count = options().length;
    if (event.key === "Escape") {
      if (list.hidden) { field.value = ""; }
      close();
    } else if (list.hidden || !count) {
      return;
    } else if (event.key === "ArrowDown") {
      mark((active + 1) % count);
    } else if (event.key === "ArrowUp") {
      mark(active <= 0 ? count - 1 : active - 1);
    } else if (event.key === "Enter") {
      options()[Math.max(active, 0)].querySelector("a").click();
    } else {
      return;
    }
    event.preventDefault();
  }

  /* What is folded away is opened for whoever was sent there, and for paper. */
  function unfold(element) {
    for (var at = element; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") { at.open = true; }
    }
  }

  function arrive() {
    var place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (place) { unfold(place); place.scrollIntoView(); }
  }

  box.hidden = false;
  field.addEventListener("focus", function () { load(function () {}); if (field.value) { show(); } });
  field.addEventListener("input", show);
  field.addEventListener("keydown", keys);
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });
  box.addEventListener("focusout", function (event) {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) { close(); }
  });
  document.addEventListener("click", function (event) {
    if (!box.contains(event.target)) { close(); }
  });
  window.addEventListener("hashchange", arrive);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (one) { one.open = true; });
  });
  if (location.hash) { arrive(); }
  var asked = new URLSearchParams(location.search).get("q");
  if (asked) { field.value = asked; show(); }
}());
