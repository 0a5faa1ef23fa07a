"use strict";(self.rspackChunkwfnb_frontend=self.rspackChunkwfnb_frontend||[]).push([["_lab_lib_style_js"],{14(n,e,t){var a=t(15),r=t.n(a),o=t(16),i=t.n(o),s=t(17),c=t.n(s),f=t(18),l=t.n(f),d=t(19),u=t.n(d),p=t(20),b=t.n(p),m=t(21),g={};g.styleTagTransform=b(),g.setAttributes=l(),g.insert=c().bind(null,"head"),g.domAPI=i(),g.insertStyleElement=u(),r()(m.A,g),m.A&&m.A.locals&&m.A.locals},21(n,e,t){var a=t(22),r=t.n(a),o=t(23),i=(t.n(o))()(r());i.push([n.id,`/* src/lab/lab.css */
.wfnb-status {
  height: 100%;
  padding: 0 8px;
  border: 0;
  color: inherit;
  background: none;
  font: inherit;
  cursor: pointer;
}
.wfnb-status:hover {
  background: var(--jp-layout-color3);
}
.wfnb-status:focus-visible {
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
`,""]),t.d(e,{},{A:i})},23(n){n.exports=function(n){var e=[];return e.toString=function(){return this.map(function(e){var t="",a=void 0!==e[5];return e[4]&&(t+="@supports (".concat(e[4],") {")),e[2]&&(t+="@media ".concat(e[2]," {")),a&&(t+="@layer".concat(e[5].length>0?" ".concat(e[5]):""," {")),t+=n(e),a&&(t+="}"),e[2]&&(t+="}"),e[4]&&(t+="}"),t}).join("")},e.i=function(n,t,a,r,o){"string"==typeof n&&(n=[[null,n,void 0]]);var i={};if(a)for(var s=0;s<this.length;s++){var c=this[s][0];null!=c&&(i[c]=!0)}for(var f=0;f<n.length;f++){var l=[].concat(n[f]);a&&i[l[0]]||(void 0!==o&&(void 0===l[5]||(l[1]="@layer".concat(l[5].length>0?" ".concat(l[5]):""," {").concat(l[1],"}")),l[5]=o),t&&(l[2]&&(l[1]="@media ".concat(l[2]," {").concat(l[1],"}")),l[2]=t),r&&(l[4]?(l[1]="@supports (".concat(l[4],") {").concat(l[1],"}"),l[4]=r):l[4]="".concat(r)),e.push(l))}},e}},22(n){n.exports=function(n){return n[1]}},15(n){var e=[];function t(n){for(var t=-1,a=0;a<e.length;a++)if(e[a].identifier===n){t=a;break}return t}function a(n,a){for(var r={},o=[],i=0;i<n.length;i++){var s=n[i],c=a.base?s[0]+a.base:s[0],f=r[c]||0,l="".concat(c," ").concat(f);r[c]=f+1;var d=t(l),u={css:s[1],media:s[2],sourceMap:s[3],supports:s[4],layer:s[5]};if(-1!==d)e[d].references++,e[d].updater(u);else{var p=function(n,e){var t=e.domAPI(e);return t.update(n),function(e){e?(e.css!==n.css||e.media!==n.media||e.sourceMap!==n.sourceMap||e.supports!==n.supports||e.layer!==n.layer)&&t.update(n=e):t.remove()}}(u,a);a.byIndex=i,e.splice(i,0,{identifier:l,updater:p,references:1})}o.push(l)}return o}n.exports=function(n,r){var o=a(n=n||[],r=r||{});return function(n){n=n||[];for(var i=0;i<o.length;i++){var s=t(o[i]);e[s].references--}for(var c=a(n,r),f=0;f<o.length;f++){var l=t(o[f]);0===e[l].references&&(e[l].updater(),e.splice(l,1))}o=c}}},17(n){var e={};n.exports=function(n,t){var a=function(n){if(void 0===e[n]){var t=document.querySelector(n);if(window.HTMLIFrameElement&&t instanceof window.HTMLIFrameElement)try{t=t.contentDocument.head}catch(n){t=null}e[n]=t}return e[n]}(n);if(!a)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");a.appendChild(t)}},19(n){n.exports=function(n){var e=document.createElement("style");return n.setAttributes(e,n.attributes),n.insert(e,n.options),e}},18(n,e,t){n.exports=function(n){var e=t.nc;e&&n.setAttribute("nonce",e)}},16(n){n.exports=function(n){if("u"<typeof document)return{update:function(){},remove:function(){}};var e=n.insertStyleElement(n);return{update:function(t){var a,r,o;a="",t.supports&&(a+="@supports (".concat(t.supports,") {")),t.media&&(a+="@media ".concat(t.media," {")),(r=void 0!==t.layer)&&(a+="@layer".concat(t.layer.length>0?" ".concat(t.layer):""," {")),a+=t.css,r&&(a+="}"),t.media&&(a+="}"),t.supports&&(a+="}"),(o=t.sourceMap)&&"u">typeof btoa&&(a+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(o))))," */")),n.styleTagTransform(a,e,n.options)},remove:function(){var n;null===(n=e).parentNode||n.parentNode.removeChild(n)}}}},20(n){n.exports=function(n,e){if(e.styleSheet)e.styleSheet.cssText=n;else{for(;e.firstChild;)e.removeChild(e.firstChild);e.appendChild(document.createTextNode(n))}}}}]);