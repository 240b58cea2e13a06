/** Style and script of the page of a plan. Both stand in the page itself, so that it can be sent as one file. */

export const PAGE_STYLE = `
:root{color-scheme:light dark;--surface:#fff;--text:#1a1f2b;--muted:#5a6373;--line:#dfe3ea;--accent:#2456d6;--look:#9a4b00;--look-bg:#fff3e3;--chip:#eef2fb}
@media (prefers-color-scheme:dark){:root{--surface:#12151c;--text:#e8ebf2;--muted:#a3acbd;--line:#2c3342;--accent:#8fb0ff;--look:#ffc37d;--look-bg:#3a2a14;--chip:#1f2738}}
*{box-sizing:border-box}body{margin:0;background:var(--surface);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 16px 64px}h1{font-size:28px;line-height:1.25;margin:0 0 16px}h2{font-size:20px;margin:40px 0 12px}
p{max-width:70ch}.quiet{color:var(--muted);font-size:14px}.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:15px}th{text-align:left;font-weight:600;color:var(--muted);font-size:14px}
th,td{padding:10px 14px;border-bottom:1px solid var(--line);vertical-align:top}tbody tr:last-child td{border-bottom:0}
.number{text-align:right;font-variant-numeric:tabular-nums}.badge{display:inline-block;background:var(--chip);color:var(--text);border-radius:6px;padding:1px 8px;font-size:14px;white-space:nowrap}
.badge.look{background:var(--look-bg);color:var(--look)}.find{display:flex;flex-wrap:wrap;gap:16px;align-items:end;margin:0 0 12px}
label{font-size:14px;color:var(--muted);display:flex;flex-direction:column;gap:4px}input,select{font:inherit;min-height:44px;padding:8px 12px;border:1px solid var(--line);border-radius:8px;background:var(--surface);color:var(--text);min-width:240px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}#count{padding:10px 0;color:var(--muted);font-size:14px}
@media print{.find{display:none}.scroll{overflow:visible;border:0}}`;

export const PAGE_SCRIPT = `
const find=document.getElementById('find'),only=document.getElementById('only'),count=document.getElementById('count');
const rows=[...document.querySelectorAll('#people tbody tr')].map(row=>({row,text:row.cells[0].textContent.toLowerCase(),name:row.dataset.class}));
function show(){const text=find.value.trim().toLowerCase();let seen=0;for(const one of rows){const fits=one.text.includes(text)&&(only.value===''||one.name===only.value);one.row.hidden=!fits;if(fits)seen+=1}
count.textContent=seen===rows.length?rows.length+' people':seen+' of '+rows.length+' people'}
find.addEventListener('input',show);only.addEventListener('change',show);document.querySelector('.find').addEventListener('submit',event=>event.preventDefault());show();`;
