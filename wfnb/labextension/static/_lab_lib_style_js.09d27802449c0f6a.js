"use strict";(self.rspackChunkwfnb_frontend=self.rspackChunkwfnb_frontend||[]).push([["_lab_lib_style_js"],{20(n,e,r){var a=r(21),t=r.n(a),o=r(22),f=r.n(o),i=r(23),b=r.n(i),w=r(24),s=r.n(w),d=r(25),p=r.n(d),l=r(26),g=r.n(l),c=r(27),h={};h.styleTagTransform=g(),h.setAttributes=s(),h.insert=b().bind(null,"head"),h.domAPI=f(),h.insertStyleElement=p(),t()(c.A,h),c.A&&c.A.locals&&c.A.locals},27(n,e,r){var a=r(28),t=r.n(a),o=r(29),f=(r.n(o))()(t());f.push([n.id,`/* src/lab/lab.css */
.wfnb-status-item .wfnb-status {
  height: 100%;
  padding: 0 8px;
  border: 0;
  color: inherit;
  background: none;
  font: inherit;
  cursor: pointer;
}
.wfnb-status-item .wfnb-status:hover {
  background: var(--jp-layout-color3);
}
.wfnb-status-item .wfnb-status:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: -2px;
}
.jp-Cell .cm-editor .cm-panels:has(.wfnb-mark) {
  z-index: 1;
  border: 0;
  background: none;
}
.wfnb-mark {
  display: flex;
  gap: 6px;
  padding: 1px 8px 2px;
  border-top: 1px solid var(--jp-cell-editor-border-color);
  color: #555c63;
  background: var(--jp-cell-editor-background);
  font-family: var(--jp-ui-font-family);
  font-size: var(--jp-ui-font-size0);
  line-height: 1.5;
}
.wfnb-mark-sign {
  width: 1em;
  text-align: center;
}
.wfnb-mark[data-standing=problem],
.wfnb-mark[data-standing=failed] {
  --wfnb-mark: #b3261e;
}
.wfnb-mark[data-standing=dirty] {
  --wfnb-mark: #8a5300;
}
.wfnb-mark[data-standing=running] {
  --wfnb-mark: #0b5fa5;
}
.wfnb-mark[data-standing=sound] {
  --wfnb-mark: #1a6b2f;
}
[data-jp-theme-light=false] .wfnb-mark,
[data-jp-theme-light=false] .wfnb-squiggle-reason {
  color: #b0b6bc;
}
[data-jp-theme-light=false] .wfnb-mark[data-standing=problem],
[data-jp-theme-light=false] .wfnb-mark[data-standing=failed] {
  --wfnb-mark: #ff8a80;
}
[data-jp-theme-light=false] .wfnb-mark[data-standing=dirty] {
  --wfnb-mark: #f2b24d;
}
[data-jp-theme-light=false] .wfnb-mark[data-standing=running] {
  --wfnb-mark: #7db8ff;
}
[data-jp-theme-light=false] .wfnb-mark[data-standing=sound] {
  --wfnb-mark: #6fd08c;
}
.wfnb-mark-sign {
  color: var(--wfnb-mark);
}
.cm-editor .cm-lintRange-info.wfnb-note {
  padding-bottom: 0;
  border-bottom: 1px dotted #767d84;
  background-image: none;
}
.cm-tooltip-lint:has(.wfnb-squiggle) {
  border: 1px solid var(--jp-border-color1);
  color: var(--jp-ui-font-color1);
  background: var(--jp-layout-color1);
}
.wfnb-squiggle {
  max-width: 60em;
  padding: 2px 0;
  font-family: var(--jp-ui-font-family);
  font-size: var(--jp-ui-font-size1);
  line-height: 1.45;
  white-space: pre-wrap;
}
.wfnb-squiggle p {
  margin: 0 0 2px;
}
.wfnb-squiggle-code {
  font-weight: 600;
}
.wfnb-squiggle-reason {
  color: #555c63;
}
.wfnb-squiggle .wfnb-squiggle-reason,
.wfnb-squiggle .wfnb-squiggle-fix {
  padding-left: 1em;
}

/* src/lab/panel/side.css */
.wfnb-side {
  overflow: auto;
  color: var(--jp-ui-font-color1);
  background: var(--jp-layout-color1);
}
.wfnb-side-root {
  min-height: 100%;
  padding: 8px 10px 16px;
}
.wfnb-side [hidden] {
  display: none;
}
.wfnb-side h1 {
  margin: 0;
  overflow: hidden;
  font-size: var(--jp-ui-font-size2);
  font-weight: 600;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.wfnb-side h2 {
  display: flex;
  gap: 8px;
  align-items: baseline;
  margin: 12px 0 4px;
  border-bottom: 1px solid var(--jp-border-color2);
  font-size: var(--jp-ui-font-size1);
  font-weight: 600;
}
.wfnb-side h3 {
  margin: 6px 0 2px;
  color: var(--wfnb-faint);
  font-size: var(--jp-ui-font-size0);
  font-weight: 600;
}
.wfnb-view.wfnb-side-root h2 > button {
  padding: 2px 4px 2px 0;
  border: 0;
  color: inherit;
  background: none;
  font-weight: 600;
}
.wfnb-side h2 > button::before {
  display: inline-block;
  width: 1.1em;
  content: "▸" / "";
}
.wfnb-side h2 > button[aria-expanded=true]::before {
  content: "▾" / "";
}
.wfnb-side ul {
  margin: 0;
  padding: 0;
  list-style: none;
}
.wfnb-side-body > ul > li,
.wfnb-side-body > div > ul > li {
  display: flex;
  flex-wrap: wrap;
  gap: 2px 8px;
  align-items: baseline;
  padding: 2px 0;
}
.wfnb-side code,
.wfnb-hover code {
  padding: 0;
  color: inherit;
  background: none;
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  overflow-wrap: anywhere;
}
.wfnb-side-text {
  margin: 2px 0 4px;
  overflow-wrap: anywhere;
}
.wfnb-side-text:empty {
  display: none;
}
.wfnb-side-note,
.wfnb-side-how,
.wfnb-side-counts {
  color: var(--wfnb-faint);
  font-size: var(--jp-ui-font-size0);
  font-weight: 400;
}
.wfnb-side-counts[data-stale=true] {
  color: var(--wfnb-warning);
}
.wfnb-view.wfnb-side-root .wfnb-side-rule {
  display: flex;
  flex: 1 1 12em;
  gap: 8px;
  align-items: baseline;
  justify-content: space-between;
  padding: 2px 4px;
  border-color: transparent;
  background: none;
  text-align: left;
}
.wfnb-view.wfnb-side-root .wfnb-side-rule:hover {
  background: var(--wfnb-shade);
}
.wfnb-side-why {
  margin: 0 0 4px;
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  line-height: 1.35;
  overflow-wrap: anywhere;
  white-space: pre-wrap;
}
.wfnb-side-request {
  margin: 0 -8px;
}
.wfnb-side .wfnb-problem-what button {
  margin-left: 6px;
}
.wfnb-side .wfnb-problems,
.wfnb-side .wfnb-graph {
  padding: 0;
}
.wfnb-saved-note {
  margin: 2px 8px;
  color: var(--jp-ui-font-color2);
  font-size: var(--jp-ui-font-size0);
}
.cm-tooltip.cm-tooltip-hover:has(.wfnb-hover) {
  border: 1px solid var(--jp-border-color1);
  color: var(--jp-ui-font-color1);
  background: var(--jp-layout-color1);
}
.wfnb-hover {
  max-width: 60em;
  padding: 4px 8px;
  font-family: var(--jp-ui-font-family);
  font-size: var(--jp-ui-font-size1);
  line-height: 1.45;
}
.wfnb-hover p {
  margin: 0 0 2px;
}
.wfnb-hover-type {
  font-family: var(--jp-code-font-family);
  font-weight: 600;
}
.wfnb-hover button {
  padding: 0 4px;
  border: 1px solid var(--jp-border-color1);
  border-radius: 3px;
  color: inherit;
  background: var(--jp-layout-color2);
  font: inherit;
  cursor: pointer;
}

/* src/progress/progress.css */
.wfnb-progress p,
.wfnb-progress ul {
  margin: 0;
  padding: 0;
  list-style: none;
}
.wfnb-progress [hidden] {
  display: none;
}
.wfnb-progress .wfnb-head {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 8px;
  align-items: center;
  min-height: 26px;
}
.wfnb-line-text {
  flex: 1 1 16em;
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
.wfnb-progress .wfnb-sign {
  width: 1.2em;
  color: var(--wfnb-busy);
  text-align: center;
}
.wfnb-progress[data-outcome=answered] .wfnb-sign {
  color: var(--wfnb-good);
}
.wfnb-progress[data-outcome=failed] .wfnb-sign,
.wfnb-progress[data-outcome=refused] .wfnb-sign {
  color: var(--wfnb-error);
}
.wfnb-progress[data-outcome=interrupted] .wfnb-sign {
  color: var(--wfnb-warning);
}
.wfnb-progress .wfnb-status {
  color: var(--wfnb-warning);
  font-weight: 600;
}
.wfnb-progress .wfnb-status:empty,
.wfnb-waits:empty {
  display: none;
}
.wfnb-progress .wfnb-faint,
.wfnb-left {
  color: var(--wfnb-faint);
}
.wfnb-bar {
  margin: 4px 0 8px;
}
.wfnb-bar-head {
  display: flex;
  gap: 8px;
  justify-content: space-between;
  overflow-wrap: anywhere;
}
.wfnb-left {
  flex: none;
}
.wfnb-track {
  display: flex;
  height: 14px;
  margin: 2px 0;
  overflow: hidden;
  border: 1px solid var(--wfnb-line);
  border-radius: 3px;
  background: var(--wfnb-paper);
}
.wfnb-segment {
  flex: 0 1 0;
  min-width: 0;
}
@media (prefers-reduced-motion: no-preference) {
  .wfnb-segment {
    transition: flex-grow 0.15s linear;
  }
}
[data-part=done].wfnb-segment,
[data-part=done].wfnb-swatch {
  background: var(--wfnb-good);
}
[data-part=reused].wfnb-segment,
[data-part=reused].wfnb-swatch {
  background:
    repeating-linear-gradient(
      45deg,
      var(--wfnb-memo) 0 3px,
      var(--wfnb-paper) 3px 6px);
}
[data-part=failed].wfnb-segment,
[data-part=failed].wfnb-swatch {
  background:
    repeating-linear-gradient(
      45deg,
      transparent 0 3px,
      var(--wfnb-paper) 3px 4px),
    repeating-linear-gradient(
      -45deg,
      var(--wfnb-error) 0 3px,
      var(--wfnb-paper) 3px 4px);
}
[data-part=running].wfnb-segment,
[data-part=running].wfnb-swatch {
  background:
    repeating-linear-gradient(
      90deg,
      var(--wfnb-busy) 0 2px,
      var(--wfnb-paper) 2px 4px);
}
.wfnb-progress .wfnb-legend {
  display: flex;
  flex-wrap: wrap;
  gap: 0 14px;
  font-variant-numeric: tabular-nums;
}
.wfnb-progress .wfnb-legend [data-none] {
  color: var(--wfnb-faint);
}
.wfnb-progress .wfnb-legend b {
  font-weight: 600;
}
.wfnb-swatch {
  display: inline-block;
  width: 12px;
  height: 10px;
  margin-inline-end: 4px;
  border: 1px solid var(--wfnb-line);
}
.wfnb-running {
  min-height: 1.45em;
}
.wfnb-running li {
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.wfnb-more {
  margin-top: 4px;
  border-top: 1px solid var(--wfnb-line);
  padding-top: 6px;
}
.wfnb-timeline {
  display: block;
  width: 100%;
  max-width: 1200px;
}
.wfnb-timeline text {
  fill: var(--wfnb-ink);
  font-size: 11px;
}
.wfnb-timeline .wfnb-lane-name {
  fill: var(--wfnb-faint);
}
.wfnb-lane-line {
  stroke: var(--wfnb-line);
  stroke-width: 0.5;
}
.wfnb-span rect {
  fill: var(--wfnb-shade);
  stroke: var(--wfnb-busy);
}
.wfnb-span[data-turn="1"] rect {
  fill: var(--wfnb-paper);
}
.wfnb-scrolled {
  max-height: 220px;
  margin-top: 6px;
  overflow: auto;
}
.wfnb-scrolled table {
  border-collapse: collapse;
  font-size: inherit;
}
.wfnb-scrolled caption {
  color: var(--wfnb-faint);
  font-weight: 600;
  text-align: start;
}
.wfnb-view .wfnb-scrolled th,
.wfnb-view .wfnb-scrolled td {
  padding: 1px 12px 1px 0;
  text-align: start;
  vertical-align: top;
}
.wfnb-view .wfnb-scrolled .wfnb-number {
  font-variant-numeric: tabular-nums;
  text-align: end;
}

/* src/dom/root.css */
.wfnb-view {
  --wfnb-ink: var(--jp-content-font-color1, #1f2328);
  --wfnb-faint: #555c63;
  --wfnb-paper: var(--jp-layout-color0, #ffffff);
  --wfnb-shade: var(--jp-layout-color2, #f1f3f5);
  --wfnb-line: #80868d;
  --wfnb-focus: #0b62c4;
  --wfnb-error: #b3261e;
  --wfnb-warning: #8a5300;
  --wfnb-note: #0b5fa5;
  --wfnb-good: #1a6b2f;
  --wfnb-busy: #0b5fa5;
  --wfnb-memo: #6a3fa0;
  --wfnb-idle: #5c636a;
  box-sizing: border-box;
  padding: 4px 8px;
  color: var(--wfnb-ink);
  background: var(--wfnb-paper);
  font-family: var(--jp-ui-font-family, system-ui, sans-serif);
  font-size: var(--jp-ui-font-size1, 13px);
  line-height: 1.45;
}
.wfnb-view[data-wfnb-theme=dark] {
  --wfnb-ink: var(--jp-content-font-color1, #e6e9ec);
  --wfnb-faint: #b0b6bc;
  --wfnb-paper: var(--jp-layout-color0, #111418);
  --wfnb-shade: var(--jp-layout-color2, #22272c);
  --wfnb-line: #8b939b;
  --wfnb-focus: #7db8ff;
  --wfnb-error: #ff8a80;
  --wfnb-warning: #f2b24d;
  --wfnb-note: #7db8ff;
  --wfnb-good: #6fd08c;
  --wfnb-busy: #7db8ff;
  --wfnb-memo: #c3a1f5;
  --wfnb-idle: #a5acb3;
}
.wfnb-view *,
.wfnb-view *::before {
  box-sizing: border-box;
}
.wfnb-view :focus-visible {
  outline: 2px solid var(--wfnb-focus);
  outline-offset: 1px;
}
.wfnb-view button {
  padding: 2px 8px;
  border: 1px solid var(--wfnb-line);
  border-radius: 3px;
  color: inherit;
  background: var(--wfnb-shade);
  font: inherit;
  cursor: pointer;
}
.wfnb-view button[aria-disabled=true] {
  color: var(--wfnb-faint);
  cursor: default;
}
.wfnb-code {
  font-family: var(--jp-code-font-family, ui-monospace, monospace);
  font-size: var(--jp-code-font-size, 13px);
}
.wfnb-spoken {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

/* src/graph/graph.css */
.wfnb-graph .wfnb-input {
  --fill: #dcf3e1;
  --edge: #2f8f4e;
  --text: #14532d;
}
.wfnb-graph .wfnb-param {
  --fill: #eef6f0;
  --edge: #6d9a7b;
  --text: #2f5a3f;
}
.wfnb-graph .wfnb-missing {
  --fill: #fdeaea;
  --edge: #c93636;
  --text: #8c1d1d;
}
.wfnb-graph .wfnb-rule {
  --fill: #ffffff;
  --edge: #8a93a3;
  --text: #1f2733;
}
.wfnb-graph .wfnb-goal {
  --fill: #fdecd2;
  --edge: #c77700;
  --text: #6b3f00;
}
.wfnb-graph .wfnb-union {
  --fill: #efe8fb;
  --edge: #7d57c2;
  --text: #472a80;
}
.wfnb-graph .wfnb-intrinsic {
  --fill: #e9ecf1;
  --edge: #7b8494;
  --text: #3a4250;
}
.wfnb-graph .wfnb-product {
  --fill: #dbe9fd;
  --edge: #2f6fd0;
  --text: #173f80;
}
.wfnb-graph .wfnb-query {
  --fill: #dbe9fd;
  --edge: #2f6fd0;
  --text: #173f80;
}
.wfnb-graph .wfnb-group {
  --fill: #ffffff;
  --edge: #5d6778;
  --text: #1f2733;
}
.wfnb-graph[data-wfnb-theme=dark] .wfnb-input {
  --fill: #17391f;
  --edge: #4fb56e;
  --text: #c4efd0;
}
.wfnb-graph[data-wfnb-theme=dark] .wfnb-param {
  --fill: #1e2b22;
  --edge: #68977a;
  --text: #bcd6c5;
}
.wfnb-graph[data-wfnb-theme=dark] .wfnb-missing {
  --fill: #421a1c;
  --edge: #e86a6a;
  --text: #ffd0d0;
}
.wfnb-graph[data-wfnb-theme=dark] .wfnb-rule {
  --fill: #272d38;
  --edge: #7d889a;
  --text: #e8ecf3;
}
.wfnb-graph[data-wfnb-theme=dark] .wfnb-goal {
  --fill: #44300f;
  --edge: #e0a03c;
  --text: #ffe2b0;
}
.wfnb-graph[data-wfnb-theme=dark] .wfnb-union {
  --fill: #33264f;
  --edge: #a98be0;
  --text: #e2d6fb;
}
.wfnb-graph[data-wfnb-theme=dark] .wfnb-intrinsic {
  --fill: #222731;
  --edge: #7b8798;
  --text: #c5cdd9;
}
.wfnb-graph[data-wfnb-theme=dark] .wfnb-product {
  --fill: #16315a;
  --edge: #6aa3f5;
  --text: #d3e5ff;
}
.wfnb-graph[data-wfnb-theme=dark] .wfnb-query {
  --fill: #16315a;
  --edge: #6aa3f5;
  --text: #d3e5ff;
}
.wfnb-graph[data-wfnb-theme=dark] .wfnb-group {
  --fill: #272d38;
  --edge: #98a3b5;
  --text: #e8ecf3;
}
.wfnb-graph [hidden] {
  display: none !important;
}
.wfnb-graph p,
.wfnb-graph h2,
.wfnb-graph h3,
.wfnb-graph h4 {
  margin: 0;
  font-size: inherit;
  font-weight: inherit;
}
.wfnb-graph h2,
.wfnb-graph h3,
.wfnb-graph h4 {
  color: inherit;
  font-weight: 600;
}
.wfnb-graph .wfnb-faint {
  color: var(--wfnb-faint);
}
.wfnb-headline {
  display: flex;
  flex-wrap: wrap;
  justify-content: space-between;
  column-gap: 16px;
}
.wfnb-request {
  font-variant-numeric: tabular-nums;
}
.wfnb-tools {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 4px;
  margin: 4px 0;
}
.wfnb-tools input,
.wfnb-tools select {
  padding: 2px 6px;
  border: 1px solid var(--wfnb-line);
  border-radius: 3px;
  color: inherit;
  background: var(--wfnb-paper);
  font: inherit;
}
.wfnb-tools input {
  width: 14em;
}
.wfnb-tools button[aria-pressed=true] {
  border-color: var(--wfnb-focus);
  box-shadow: inset 0 0 0 1px var(--wfnb-focus);
  font-weight: 600;
}
.wfnb-space {
  flex: 1;
}
.wfnb-found,
.wfnb-scale {
  color: var(--wfnb-faint);
  font-variant-numeric: tabular-nums;
}
.wfnb-scale {
  min-width: 3.4em;
  text-align: center;
}
.wfnb-stage {
  display: flex;
  align-items: stretch;
  border: 1px solid var(--wfnb-line);
  border-radius: 4px;
  overflow: hidden;
}
.wfnb-frame {
  flex: 1;
  min-width: 0;
  min-height: 160px;
  max-height: 90vh;
  overflow: hidden;
  resize: vertical;
}
.wfnb-canvas {
  display: block;
  width: 100%;
  height: 100%;
  cursor: grab;
  touch-action: pan-y;
  user-select: none;
  font-family: system-ui, sans-serif;
  font-size: 11px;
}
.wfnb-canvas:active {
  cursor: grabbing;
}
.wfnb-box {
  cursor: pointer;
}
.wfnb-shape {
  fill: var(--fill);
  stroke: var(--edge);
  stroke-width: 1.3;
  stroke-linejoin: round;
}
.wfnb-goal > .wfnb-shape,
.wfnb-query > .wfnb-shape,
.wfnb-broken > .wfnb-shape {
  stroke-width: 2;
}
.wfnb-param > .wfnb-shape,
.wfnb-missing > .wfnb-shape {
  stroke-dasharray: 4 3;
}
.wfnb-box.wfnb-broken > .wfnb-shape {
  stroke: var(--wfnb-error);
}
.wfnb-box text {
  fill: var(--text);
}
.wfnb-name {
  font-family: ui-monospace, monospace;
  font-weight: 600;
}
.wfnb-tag text {
  font-size: 9.5px;
  font-weight: 700;
}
.wfnb-graph .wfnb-tag-error rect {
  fill: #b3261e;
}
.wfnb-graph .wfnb-tag-warning rect {
  fill: #8a5300;
}
.wfnb-graph .wfnb-tag-error text,
.wfnb-graph .wfnb-tag-warning text {
  fill: #ffffff;
}
.wfnb-graph .wfnb-tag-chip rect {
  fill: var(--wfnb-shade);
  stroke: var(--wfnb-line);
  stroke-width: 0.6;
}
.wfnb-graph .wfnb-tag-chip text {
  fill: var(--wfnb-ink);
  font-weight: 400;
}
.wfnb-graph [data-far] text,
.wfnb-graph [data-far] .wfnb-tag,
.wfnb-graph [data-far] .wfnb-status {
  display: none;
}
.wfnb-box:focus {
  outline: none;
}
.wfnb-graph .wfnb-box:focus-visible > .wfnb-shape,
.wfnb-graph .wfnb-box[aria-current] > .wfnb-shape {
  stroke: var(--wfnb-focus);
  stroke-width: 3;
  stroke-dasharray: none;
}
.wfnb-graph .wfnb-box:focus-visible > .wfnb-shape {
  stroke-width: 4;
}
.wfnb-box[data-aside] {
  opacity: 0.35;
}
.wfnb-box[data-found] > .wfnb-name {
  text-decoration: underline;
  text-decoration-thickness: 2px;
}
.wfnb-graph .wfnb-status rect {
  fill: var(--wfnb-paper);
  stroke: var(--mood);
  stroke-width: 1.2;
}
.wfnb-graph .wfnb-status text {
  fill: var(--mood);
  font-size: 10px;
  font-weight: 600;
}
.wfnb-box {
  --mood: var(--wfnb-idle);
}
.wfnb-box[data-status=running] {
  --mood: var(--wfnb-busy);
}
.wfnb-box[data-status=failed] {
  --mood: var(--wfnb-error);
}
.wfnb-box[data-status=waiting] {
  --mood: var(--wfnb-busy);
}
.wfnb-box[data-status=dirty] {
  --mood: var(--wfnb-warning);
}
.wfnb-box[data-status=done] {
  --mood: var(--wfnb-good);
}
.wfnb-box[data-status=memo] {
  --mood: var(--wfnb-memo);
}
.wfnb-box[data-status=disk] {
  --mood: var(--wfnb-memo);
}
.wfnb-box[data-status=running] > .wfnb-status rect {
  stroke-width: 2;
  animation: wfnb-pulse 1.2s ease-in-out infinite;
}
@keyframes wfnb-pulse {
  50% {
    stroke-width: 4;
  }
}
@media (prefers-reduced-motion: reduce) {
  .wfnb-box[data-status=running] > .wfnb-status rect {
    animation: none;
  }
}
.wfnb-edge {
  --way: #8791a1;
}
.wfnb-graph[data-wfnb-theme=dark] .wfnb-edge {
  --way: #7f8a9b;
}
.wfnb-graph .wfnb-edge-stopped {
  --way: var(--wfnb-error);
}
.wfnb-graph .wfnb-edge[data-near] {
  --way: var(--wfnb-focus);
}
.wfnb-way {
  fill: none;
  stroke: var(--way);
  stroke-width: 1.4;
}
.wfnb-edge[data-near] > .wfnb-way {
  stroke-width: 2.4;
}
.wfnb-edge-get > .wfnb-way,
.wfnb-edge-call > .wfnb-way {
  stroke-dasharray: 7 4;
}
.wfnb-edge-rival > .wfnb-way {
  stroke-dasharray: 2 4;
}
.wfnb-graph .wfnb-head {
  fill: var(--way);
}
.wfnb-cross {
  fill: none;
  stroke: var(--way);
  stroke-width: 2;
}
.wfnb-panel {
  flex: none;
  width: min(340px, 45%);
  max-height: 90vh;
  padding: 6px 10px;
  border-inline-start: 1px solid var(--wfnb-line);
  overflow: auto;
  overflow-wrap: anywhere;
}
.wfnb-panel > * + * {
  margin-top: 6px !important;
}
.wfnb-panel-head {
  display: flex;
  justify-content: space-between;
  align-items: start;
}
.wfnb-panel h3 {
  font-family: var(--jp-code-font-family, ui-monospace, monospace);
}
.wfnb-panel ul,
.wfnb-panel dl {
  margin: 2px 0;
  padding-inline-start: 16px;
}
.wfnb-panel dt,
.wfnb-panel dd {
  float: none;
  width: auto;
  margin: 0;
  font-weight: inherit;
}
.wfnb-panel dd {
  margin-inline-start: 14px;
}
.wfnb-panel dd[data-answer=no] {
  color: var(--wfnb-error);
}
.wfnb-doc {
  padding-inline-start: 8px;
  border-inline-start: 2px solid var(--wfnb-line);
  white-space: pre-wrap;
}
.wfnb-graph .wfnb-problem {
  margin: 4px 0;
  padding: 2px 8px;
  border-inline-start: 3px solid var(--wfnb-note);
}
.wfnb-graph .wfnb-problem[data-severity=error] {
  border-color: var(--wfnb-error);
}
.wfnb-graph .wfnb-problem[data-severity=warning] {
  border-color: var(--wfnb-warning);
}
.wfnb-graph [data-severity=error] .wfnb-sign,
.wfnb-graph [data-severity=error] .wfnb-severity {
  color: var(--wfnb-error);
}
.wfnb-graph [data-severity=warning] .wfnb-sign,
.wfnb-graph [data-severity=warning] .wfnb-severity {
  color: var(--wfnb-warning);
}
.wfnb-rows {
  flex: 1;
  min-width: 0;
  max-height: 560px;
  overflow: auto;
}
.wfnb-rows table {
  width: 100%;
  border-collapse: collapse;
  font-size: inherit;
}
.wfnb-rows th,
.wfnb-rows td {
  padding: 2px 8px;
  border-bottom: 1px solid var(--wfnb-line);
  text-align: start;
  vertical-align: top;
  white-space: normal;
}
.wfnb-rows thead th {
  position: sticky;
  top: 0;
  background: var(--wfnb-shade);
}
.wfnb-rows tr[aria-current=true] {
  background: var(--wfnb-shade);
}

/* src/problems/problems.css */
.wfnb-problems h2,
.wfnb-problems h3 {
  margin: 4px 0;
  font-size: inherit;
  font-weight: 600;
}
.wfnb-problems h3 {
  color: var(--wfnb-faint);
}
.wfnb-problems ul {
  margin: 0;
  padding: 0;
  list-style: none;
}
.wfnb-problems p {
  margin: 0;
}
.wfnb-problems .wfnb-problem {
  margin: 4px 0 8px;
  padding: 2px 8px;
  border-inline-start: 3px solid var(--wfnb-note);
}
.wfnb-problems .wfnb-problem[data-severity=error] {
  border-color: var(--wfnb-error);
}
.wfnb-problems .wfnb-problem[data-severity=warning] {
  border-color: var(--wfnb-warning);
}
.wfnb-problems .wfnb-severity,
.wfnb-problems .wfnb-sign {
  margin-inline-end: 4px;
  color: var(--wfnb-note);
  font-weight: 600;
}
[data-severity=error] > p > .wfnb-severity,
[data-severity=error] > p > .wfnb-sign {
  color: var(--wfnb-error);
}
[data-severity=warning] > p > .wfnb-severity,
[data-severity=warning] > p > .wfnb-sign {
  color: var(--wfnb-warning);
}
.wfnb-line {
  color: var(--wfnb-faint);
}
.wfnb-problems .wfnb-reasons {
  padding-inline-start: 18px;
}
.wfnb-problems .wfnb-fix {
  padding-inline-start: 18px;
  font-weight: 600;
}
.wfnb-problems .wfnb-source {
  margin: 2px 0 2px 18px;
  padding: 1px 6px;
  white-space: pre-wrap;
  color: var(--wfnb-ink);
  background: var(--wfnb-shade);
}

/* src/story/story.css */
.wfnb-story h2,
.wfnb-story h3 {
  margin: 4px 0;
  font-size: inherit;
  font-weight: 600;
}
.wfnb-story p,
.wfnb-story ol,
.wfnb-story ul,
.wfnb-story dl,
.wfnb-story dd {
  margin: 0;
  padding: 0;
}
.wfnb-story ol,
.wfnb-story ul {
  list-style: none;
}
.wfnb-story-controls {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 6px;
  margin: 6px 0;
}
.wfnb-story-controls button {
  min-width: 34px;
}
.wfnb-story-controls input[type=range] {
  flex: 1 1 160px;
  min-width: 120px;
  accent-color: var(--wfnb-busy);
}
.wfnb-story-controls select {
  padding: 2px;
  border: 1px solid var(--wfnb-line);
  border-radius: 3px;
  color: inherit;
  background: var(--wfnb-shade);
  font: inherit;
}
.wfnb-story-controls input[type=checkbox] {
  vertical-align: middle;
}
.wfnb-story-where {
  min-width: 8.5em;
  color: var(--wfnb-faint);
  font-variant-numeric: tabular-nums;
}
.wfnb-story .wfnb-story-sentence {
  min-height: 4.6em;
  margin: 8px 0;
  padding: 8px 12px;
  border-inline-start: 4px solid var(--wfnb-busy);
  background: var(--wfnb-shade);
  font-size: 1.1em;
  overflow-wrap: anywhere;
}
.wfnb-story .wfnb-story-sentence[data-result=right] {
  border-color: var(--wfnb-good);
}
.wfnb-story .wfnb-story-sentence[data-result=wrong] {
  border-color: var(--wfnb-error);
}
.wfnb-story-quiz {
  margin: 8px 0;
}
.wfnb-story-choices {
  display: grid;
  gap: 4px;
}
.wfnb-story-choices button {
  width: 100%;
  text-align: start;
  overflow-wrap: anywhere;
}
.wfnb-story .wfnb-story-score {
  margin-top: 4px;
  font-weight: 600;
}
.wfnb-story-columns {
  display: flex;
  flex-wrap: wrap;
  gap: 12px;
  align-items: flex-start;
}
.wfnb-story-graph {
  flex: 5 1 420px;
  min-width: 0;
  max-height: 480px;
  overflow: auto;
}
.wfnb-story-graph svg {
  display: block;
  max-width: 100%;
  height: auto;
  margin: 0 auto;
}
.wfnb-story-details {
  flex: 4 1 380px;
  min-width: 0;
}
.wfnb-story .wfnb-story-whose {
  overflow-wrap: anywhere;
}
.wfnb-story .wfnb-story-facts {
  margin-bottom: 4px;
  color: var(--wfnb-faint);
  overflow-wrap: anywhere;
}
.wfnb-story-body {
  max-height: 400px;
  overflow: auto;
}
.wfnb-story-source li {
  display: flex;
}
.wfnb-story-source code {
  padding: 0 4px;
  color: inherit;
  background: none;
  font: inherit;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.wfnb-story-number {
  flex: none;
  width: 2.6em;
  padding-inline-end: 0.6em;
  color: var(--wfnb-faint);
  text-align: end;
}
.wfnb-story-arrow {
  flex: none;
  width: 1.2em;
  font-weight: 700;
}
.wfnb-story-source .wfnb-here {
  background: var(--wfnb-shade);
  box-shadow: inset 3px 0 var(--wfnb-busy);
  font-weight: 600;
}
.wfnb-story-source .wfnb-here[data-failed] {
  box-shadow: inset 3px 0 var(--wfnb-error);
}
.wfnb-story .wfnb-story-members button {
  display: flex;
  width: 100%;
  border: none;
  background: none;
  text-align: start;
}
.wfnb-story-state {
  --wfnb-state: var(--wfnb-idle);
  display: inline-block;
  margin-inline-end: 8px;
  padding: 0 6px;
  border: 1px solid var(--wfnb-state);
  border-radius: 3px;
  color: var(--wfnb-state);
  font-weight: 600;
  white-space: nowrap;
}
.wfnb-story-foot {
  display: flex;
  flex-wrap: wrap;
  gap: 8px 24px;
  align-items: flex-start;
  margin-top: 8px;
}
.wfnb-story-legend {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 0;
}
.wfnb-story-foot summary {
  cursor: pointer;
}
.wfnb-story-foot dl {
  display: grid;
  grid-template-columns: max-content auto;
  gap: 2px 12px;
}
.wfnb-story-foot dt {
  font-weight: 600;
}
.wfnb-task {
  --wfnb-state: var(--wfnb-idle);
  cursor: pointer;
}
.wfnb-story .wfnb-is-running,
.wfnb-story .wfnb-is-checking {
  --wfnb-state: var(--wfnb-busy);
}
.wfnb-story .wfnb-is-suspended,
.wfnb-story .wfnb-is-asked,
.wfnb-story .wfnb-is-back {
  --wfnb-state: var(--wfnb-warning);
}
.wfnb-story .wfnb-is-done {
  --wfnb-state: var(--wfnb-good);
}
.wfnb-story .wfnb-is-memory,
.wfnb-story .wfnb-is-kept {
  --wfnb-state: var(--wfnb-memo);
}
.wfnb-story .wfnb-is-failed {
  --wfnb-state: var(--wfnb-error);
}
.wfnb-task-box,
.wfnb-task-shade {
  fill: var(--wfnb-paper);
  stroke: var(--wfnb-state);
  stroke-width: 1.4;
}
.wfnb-is-unseen .wfnb-task-box,
.wfnb-is-cut .wfnb-task-box,
.wfnb-is-asked .wfnb-task-box {
  stroke-dasharray: 4 3;
}
.wfnb-is-running .wfnb-task-box,
.wfnb-is-failed .wfnb-task-box {
  stroke-width: 2.6;
}
.wfnb-task.wfnb-now .wfnb-task-box {
  fill: var(--wfnb-shade);
  stroke-width: 3.6;
}
.wfnb-task[aria-pressed=true] .wfnb-task-box {
  fill: var(--wfnb-shade);
}
.wfnb-task text {
  fill: var(--wfnb-ink);
  font-size: 11px;
}
.wfnb-task .wfnb-task-name {
  font-family: var(--jp-code-font-family, ui-monospace, monospace);
  font-size: 13px;
  font-weight: 600;
}
.wfnb-task .wfnb-task-detail {
  fill: var(--wfnb-faint);
}
.wfnb-task .wfnb-task-state {
  fill: var(--wfnb-state);
  font-size: 10.5px;
  font-weight: 700;
  text-anchor: end;
}
.wfnb-story .wfnb-task:focus-visible {
  outline: none;
}
.wfnb-task:focus-visible .wfnb-task-box {
  stroke: var(--wfnb-focus);
  stroke-width: 4;
}
.wfnb-task-way {
  fill: none;
  stroke: var(--wfnb-line);
  stroke-width: 1.4;
}
.wfnb-task-head {
  fill: var(--wfnb-line);
}
.wfnb-task-line.wfnb-now .wfnb-task-way {
  stroke: var(--wfnb-busy);
  stroke-width: 3;
}
.wfnb-task-line.wfnb-now .wfnb-task-head {
  fill: var(--wfnb-busy);
}
@media (prefers-reduced-motion: no-preference) {
  .wfnb-task-box {
    transition: stroke 0.15s, stroke-width 0.15s;
  }
}
`,""]),r.d(e,{},{A:f})},29(n){n.exports=function(n){var e=[];return e.toString=function(){return this.map(function(e){var r="",a=void 0!==e[5];return e[4]&&(r+="@supports (".concat(e[4],") {")),e[2]&&(r+="@media ".concat(e[2]," {")),a&&(r+="@layer".concat(e[5].length>0?" ".concat(e[5]):""," {")),r+=n(e),a&&(r+="}"),e[2]&&(r+="}"),e[4]&&(r+="}"),r}).join("")},e.i=function(n,r,a,t,o){"string"==typeof n&&(n=[[null,n,void 0]]);var f={};if(a)for(var i=0;i<this.length;i++){var b=this[i][0];null!=b&&(f[b]=!0)}for(var w=0;w<n.length;w++){var s=[].concat(n[w]);a&&f[s[0]]||(void 0!==o&&(void 0===s[5]||(s[1]="@layer".concat(s[5].length>0?" ".concat(s[5]):""," {").concat(s[1],"}")),s[5]=o),r&&(s[2]&&(s[1]="@media ".concat(s[2]," {").concat(s[1],"}")),s[2]=r),t&&(s[4]?(s[1]="@supports (".concat(s[4],") {").concat(s[1],"}"),s[4]=t):s[4]="".concat(t)),e.push(s))}},e}},28(n){n.exports=function(n){return n[1]}},21(n){var e=[];function r(n){for(var r=-1,a=0;a<e.length;a++)if(e[a].identifier===n){r=a;break}return r}function a(n,a){for(var t={},o=[],f=0;f<n.length;f++){var i=n[f],b=a.base?i[0]+a.base:i[0],w=t[b]||0,s="".concat(b," ").concat(w);t[b]=w+1;var d=r(s),p={css:i[1],media:i[2],sourceMap:i[3],supports:i[4],layer:i[5]};if(-1!==d)e[d].references++,e[d].updater(p);else{var l=function(n,e){var r=e.domAPI(e);return r.update(n),function(e){e?(e.css!==n.css||e.media!==n.media||e.sourceMap!==n.sourceMap||e.supports!==n.supports||e.layer!==n.layer)&&r.update(n=e):r.remove()}}(p,a);a.byIndex=f,e.splice(f,0,{identifier:s,updater:l,references:1})}o.push(s)}return o}n.exports=function(n,t){var o=a(n=n||[],t=t||{});return function(n){n=n||[];for(var f=0;f<o.length;f++){var i=r(o[f]);e[i].references--}for(var b=a(n,t),w=0;w<o.length;w++){var s=r(o[w]);0===e[s].references&&(e[s].updater(),e.splice(s,1))}o=b}}},23(n){var e={};n.exports=function(n,r){var a=function(n){if(void 0===e[n]){var r=document.querySelector(n);if(window.HTMLIFrameElement&&r instanceof window.HTMLIFrameElement)try{r=r.contentDocument.head}catch(n){r=null}e[n]=r}return e[n]}(n);if(!a)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");a.appendChild(r)}},25(n){n.exports=function(n){var e=document.createElement("style");return n.setAttributes(e,n.attributes),n.insert(e,n.options),e}},24(n,e,r){n.exports=function(n){var e=r.nc;e&&n.setAttribute("nonce",e)}},22(n){n.exports=function(n){if("u"<typeof document)return{update:function(){},remove:function(){}};var e=n.insertStyleElement(n);return{update:function(r){var a,t,o;a="",r.supports&&(a+="@supports (".concat(r.supports,") {")),r.media&&(a+="@media ".concat(r.media," {")),(t=void 0!==r.layer)&&(a+="@layer".concat(r.layer.length>0?" ".concat(r.layer):""," {")),a+=r.css,t&&(a+="}"),r.media&&(a+="}"),r.supports&&(a+="}"),(o=r.sourceMap)&&"u">typeof btoa&&(a+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(o))))," */")),n.styleTagTransform(a,e,n.options)},remove:function(){var n;null===(n=e).parentNode||n.parentNode.removeChild(n)}}}},26(n){n.exports=function(n,e){if(e.styleSheet)e.styleSheet.cssText=n;else{for(;e.firstChild;)e.removeChild(e.firstChild);e.appendChild(document.createTextNode(n))}}}}]);