/** Style and script of a plan's HTML page. Both are inlined, so that the page can be sent as one file. */

export const PAGE_STYLE = `
:root{color-scheme:light dark;--surface:#fff;--text:#1a1f2b;--muted:#5a6373;--line:#dfe3ea;--field:#7a8394;--accent:#2456d6;--look:#8a4200;--look-bg:#fff3e3;--chip:#eef2fb}
@media (prefers-color-scheme:dark){:root{--surface:#12151c;--text:#e8ebf2;--muted:#a3acbd;--line:#2c3342;--field:#7d879a;--accent:#8fb0ff;--look:#ffc37d;--look-bg:#3a2a14;--chip:#1f2738}}
*{box-sizing:border-box}body{margin:0;background:var(--surface);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}
main{max-width:1080px;margin:0 auto;padding:32px 16px 64px}h1{font-size:28px;line-height:1.25;margin:0 0 16px}h2{font-size:20px;margin:40px 0 12px}
p{max-width:70ch;margin:0 0 12px}.quiet{color:var(--muted);font-size:14px}.frame{border:1px solid var(--line);border-radius:8px}
.sums{display:flex;flex-wrap:wrap;gap:16px;list-style:none;margin:24px 0 0;padding:0}.sums li{flex:1 1 180px;border:1px solid var(--line);border-radius:8px;padding:12px 16px}
.sums b{display:block;font-size:28px;line-height:1.25;font-variant-numeric:tabular-nums}.sums .look{background:var(--look-bg);border-color:transparent;color:var(--look)}
table{border-collapse:collapse;width:100%;font-size:15px}th{text-align:left;font-weight:600;color:var(--muted);font-size:14px}
th,td{padding:10px 14px;border-bottom:1px solid var(--line);vertical-align:top}tbody tr:last-child td{border-bottom:0}tr[hidden]{display:none!important}
.number{text-align:right;font-variant-numeric:tabular-nums}.badge{display:inline-block;background:var(--chip);border-radius:6px;padding:1px 8px;font-size:14px}
.badge.look{background:var(--look-bg);color:var(--look)}td.what{min-width:225px}td.who{max-width:400px;overflow-wrap:anywhere}td.who .quiet{max-width:320px}bdi{unicode-bidi:isolate}
.find{display:flex;flex-wrap:wrap;gap:16px;align-items:end;margin:0 0 12px}.find[hidden]{display:none}.find label{flex:1 1 240px;max-width:360px}
label{font-size:14px;color:var(--muted);display:flex;flex-direction:column;gap:4px}input,select{font:inherit;width:100%;min-height:44px;padding:8px 12px;border:1px solid var(--field);border-radius:8px;background:var(--surface);color:var(--text)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}#count{padding:10px 0;color:var(--muted);font-size:14px}
@media (max-width:719px){h1{font-size:24px}table,tbody,tr,td{display:block}thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{padding:12px 14px;border-bottom:1px solid var(--line)}tbody tr:last-child{border-bottom:0}th,td{padding:0;border:0}td+td{margin-top:6px}.number{text-align:left;font-weight:600}
td[data-label]::before{content:attr(data-label) ": ";color:var(--muted);font-size:14px;font-weight:400}td.who{max-width:none}td.what{min-width:0}}
@media print{.find{display:none}.frame{border:0}tr{break-inside:avoid}}`;

/** Filters the rows, and shows the search field, which needs a script. */
export const PAGE_SCRIPT = `
const form=document.querySelector('.find'),find=document.getElementById('find'),only=document.getElementById('only'),count=document.getElementById('count');
const rows=[...document.querySelectorAll('#people tbody tr')].map(row=>({row,text:row.cells[0].textContent.toLowerCase(),name:row.dataset.class,look:row.dataset.look!==undefined}));
const people=number=>number===1?'1 person':number+' people';
function show(){const text=find.value.trim().toLowerCase();let seen=0;
for(const one of rows){const fits=one.text.includes(text)&&(only.value===''||(only.value==='look'?one.look:one.name===only.value));one.row.hidden=!fits;if(fits)seen+=1}
count.textContent=seen===rows.length?people(seen):seen===0?'Nobody fits. Empty the search to see everybody.':seen+' of '+people(rows.length)}
find.addEventListener('input',show);only.addEventListener('change',show);form.addEventListener('submit',event=>event.preventDefault());form.hidden=false;show();`;
