"use strict";(self.rspackChunkwfnb_frontend=self.rspackChunkwfnb_frontend||[]).push([["_lab_lib_style_js"],{19(n,e,r){var a=r(20),o=r.n(a),t=r(21),i=r.n(t),f=r(22),s=r.n(f),p=r(23),b=r.n(p),l=r(24),d=r.n(l),w=r(25),c=r.n(w),g=r(26),u={};u.styleTagTransform=c(),u.setAttributes=b(),u.insert=s().bind(null,"head"),u.domAPI=i(),u.insertStyleElement=d(),o()(g.A,u),g.A&&g.A.locals&&g.A.locals},26(n,e,r){var a=r(27),o=r.n(a),t=r(28),i=(r.n(t))()(o());i.push([n.id,`/* src/lab/lab.css */
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
  content: "▸";
}
.wfnb-side h2 > button[aria-expanded=true]::before {
  content: "▾";
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
.wfnb-head {
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
.wfnb-faint,
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
.wfnb-legend {
  display: flex;
  flex-wrap: wrap;
  gap: 0 14px;
  font-variant-numeric: tabular-nums;
}
.wfnb-legend [data-none] {
  color: var(--wfnb-faint);
}
.wfnb-legend b {
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
  --wfnb-paper: var(--jp-layout-color1, #ffffff);
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
  --wfnb-paper: var(--jp-layout-color1, #111418);
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
.wfnb-view button:disabled {
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
.wfnb-problem {
  margin: 4px 0 8px;
  padding: 2px 8px;
  border-inline-start: 3px solid var(--wfnb-note);
}
.wfnb-problem[data-severity=error] {
  border-color: var(--wfnb-error);
}
.wfnb-problem[data-severity=warning] {
  border-color: var(--wfnb-warning);
}
.wfnb-severity,
.wfnb-sign {
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
.wfnb-fix {
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
`,""]),r.d(e,{},{A:i})},28(n){n.exports=function(n){var e=[];return e.toString=function(){return this.map(function(e){var r="",a=void 0!==e[5];return e[4]&&(r+="@supports (".concat(e[4],") {")),e[2]&&(r+="@media ".concat(e[2]," {")),a&&(r+="@layer".concat(e[5].length>0?" ".concat(e[5]):""," {")),r+=n(e),a&&(r+="}"),e[2]&&(r+="}"),e[4]&&(r+="}"),r}).join("")},e.i=function(n,r,a,o,t){"string"==typeof n&&(n=[[null,n,void 0]]);var i={};if(a)for(var f=0;f<this.length;f++){var s=this[f][0];null!=s&&(i[s]=!0)}for(var p=0;p<n.length;p++){var b=[].concat(n[p]);a&&i[b[0]]||(void 0!==t&&(void 0===b[5]||(b[1]="@layer".concat(b[5].length>0?" ".concat(b[5]):""," {").concat(b[1],"}")),b[5]=t),r&&(b[2]&&(b[1]="@media ".concat(b[2]," {").concat(b[1],"}")),b[2]=r),o&&(b[4]?(b[1]="@supports (".concat(b[4],") {").concat(b[1],"}"),b[4]=o):b[4]="".concat(o)),e.push(b))}},e}},27(n){n.exports=function(n){return n[1]}},20(n){var e=[];function r(n){for(var r=-1,a=0;a<e.length;a++)if(e[a].identifier===n){r=a;break}return r}function a(n,a){for(var o={},t=[],i=0;i<n.length;i++){var f=n[i],s=a.base?f[0]+a.base:f[0],p=o[s]||0,b="".concat(s," ").concat(p);o[s]=p+1;var l=r(b),d={css:f[1],media:f[2],sourceMap:f[3],supports:f[4],layer:f[5]};if(-1!==l)e[l].references++,e[l].updater(d);else{var w=function(n,e){var r=e.domAPI(e);return r.update(n),function(e){e?(e.css!==n.css||e.media!==n.media||e.sourceMap!==n.sourceMap||e.supports!==n.supports||e.layer!==n.layer)&&r.update(n=e):r.remove()}}(d,a);a.byIndex=i,e.splice(i,0,{identifier:b,updater:w,references:1})}t.push(b)}return t}n.exports=function(n,o){var t=a(n=n||[],o=o||{});return function(n){n=n||[];for(var i=0;i<t.length;i++){var f=r(t[i]);e[f].references--}for(var s=a(n,o),p=0;p<t.length;p++){var b=r(t[p]);0===e[b].references&&(e[b].updater(),e.splice(b,1))}t=s}}},22(n){var e={};n.exports=function(n,r){var a=function(n){if(void 0===e[n]){var r=document.querySelector(n);if(window.HTMLIFrameElement&&r instanceof window.HTMLIFrameElement)try{r=r.contentDocument.head}catch(n){r=null}e[n]=r}return e[n]}(n);if(!a)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");a.appendChild(r)}},24(n){n.exports=function(n){var e=document.createElement("style");return n.setAttributes(e,n.attributes),n.insert(e,n.options),e}},23(n,e,r){n.exports=function(n){var e=r.nc;e&&n.setAttribute("nonce",e)}},21(n){n.exports=function(n){if("u"<typeof document)return{update:function(){},remove:function(){}};var e=n.insertStyleElement(n);return{update:function(r){var a,o,t;a="",r.supports&&(a+="@supports (".concat(r.supports,") {")),r.media&&(a+="@media ".concat(r.media," {")),(o=void 0!==r.layer)&&(a+="@layer".concat(r.layer.length>0?" ".concat(r.layer):""," {")),a+=r.css,o&&(a+="}"),r.media&&(a+="}"),r.supports&&(a+="}"),(t=r.sourceMap)&&"u">typeof btoa&&(a+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(t))))," */")),n.styleTagTransform(a,e,n.options)},remove:function(){var n;null===(n=e).parentNode||n.parentNode.removeChild(n)}}}},25(n){n.exports=function(n,e){if(e.styleSheet)e.styleSheet.cssText=n;else{for(;e.firstChild;)e.removeChild(e.firstChild);e.appendChild(document.createTextNode(n))}}}}]);