// Made by `deno task build` from lib/cli/program.ts, not written. LICENSES.txt names what it contains of others.
// @ts-self-types="../cli/program.ts"
import{Aa as V,Ba as X,Ca as K,Da as Q,Ea as v,Fa as Z,Ha as N,Ia as tt,Ja as et,R as j,a as p,aa as J,b as F,c as L,e as M,f as B,g as b,ja as W,k as z,na as $,qa as H,ra as C,ta as Y,ua as O,va as S,wa as q,ya as w,za as G}from"./shared_1.js";
var nt=(function(e,t){return g(e,{depth:0,rules:t})}),
g=(function({form:e},t){switch(e.type){case"text":case"words":case"reference":return rt;case"integer":case"int32":case"flag":return gt;case"item_ids":return xt(t);case"nullable":return Et(g(e.of,t));case"list":return bt(e.of,t);case"record":return Tt(e.name,e.fields,t);case"variants":return kt(e.name,e.tag,e.types,t);case"objects":return $t(e.of,t);case"embedded":return St(e.of,t)}}),
rt=(function(e,t,r){return t+JSON.stringify(r)}),
gt=(function(e,t,r){return t+r}),
Et=(function(e){return(t,r,n)=>n===null?r+"null":e(t,r,n)}),
E=(function({depth:e},t,r){let n=`
${"  ".repeat(e)}`;return{open:`${t}${n}  `,separator:`,${n}  `,close:`${n}${r}`}}),
_=(function({depth:e,rules:t}){return{depth:e+1,rules:t}}),
xt=(function(e){let{open:t,separator:r,close:n}=E(e,"[","]"),o=ot(e);return(s,i,a)=>{let c=a;return c.length===0||!(c instanceof J)?o(s,i,c.toJSON()):(s.text(i+t),s.ids(c.storage,c.length,r),n)}}),
ot=(function(e){let{open:t,separator:r,close:n}=E(e,"[","]");return(o,s,i)=>{let a=i;if(a.length===0)return s+"[]";let c=a.map(d=>JSON.stringify(d));return s+t+c.join(r)+n}}),
bt=(function(e,t){let r=g(e,_(t));if(r===rt)return ot(t);let{open:n,separator:o,close:s}=E(t,"[","]");return(i,a,c)=>{let d=c;if(d.length===0)return a+"[]";let u=a+n;for(let f of d)i.text(r(i,u,f)),u=o;return s}}),
$t=(function(e,t){let{open:r,separator:n,close:o}=E(t,"{","}"),s;return(i,a,c)=>{let d=c;if(d.size===0)return a+"{}";let u=s??=g(e,_(t)),f=a+r;for(let l of j([...d.keys()])){let h=d.get(l);h!==void 0&&(i.text(u(i,`${f}${JSON.stringify(l)}: `,h)),f=n)}return o}}),
St=(function(e,t){let r;return(n,o,s)=>(r??=g(e(),t))(n,o,s)}),
Tt=(function(e,t,r){let{open:n,separator:o,close:s}=E(r,"{","}"),i=C(e,t,r.rules),a=st(i,r,o);return(c,d,u)=>it(a,c,d+n,u,!0)+s}),
kt=(function(e,t,r,n){let{open:o,separator:s,close:i}=E(n,"{","}"),a=`${o}${JSON.stringify(t)}: `,c=new Map,d=u=>{let f=C(e,r[u]??{},n.rules,t),l=st(f,n,s);return{head:a+JSON.stringify(u),members:l}};return(u,f,l)=>{let h=l[t]??"",y=c.get(h);y===void 0&&c.set(h,y=d(h));let{head:wt,members:yt}=y;return it(yt,u,f+wt,l,!1)+i}}),
st=(function(e,t,r){return e.map(({key:n,codec:o,unset:s})=>{let i=`${JSON.stringify(n)}: `,a=g(o,_(t));return{key:n,unset:s,label:i,nextLabel:r+i,print:a}})}),
it=(function(e,t,r,n,o){let s=n,i=r,a=!o;for(let{key:c,unset:d,label:u,nextLabel:f,print:l}of e){let h=s[c],y=h===void 0?d:h;y!==void 0&&(i=l(t,i+(a?f:u),y),a=!0)}return i}),
Ot=(function(e){return JSON.stringify(e)}),
At=(function(e,t){let r=t+_t;if(r>=e.length)return e.length;let n=e.charCodeAt(r-1);return n>=55296&&n<56320?r-1:r}),
Rt=(function({schema_version:e}){let t=W(e);if(t!==void 0)return t.state;throw new RangeError(`cannot print a graph of unknown schema ${e}`)}),
I=(function(e,t,r=Rt(e)){let n=new k(t),o=nt(H,r);n.text(o(n,"",e)),n.end()}),
Pt=(function(e){let{code:t,severity:r,file:n,line:o,seq:s,event_type:i,ids:a,message:c,lost:d}=e;return q({code:t,severity:r,file:n,line:o,seq:s,event_type:i,ids:a,message:c,lost:d})}),
Ut=(function(e){let{severity:t,message:r,lost:n,code:o}=e,s=t==="loss"?`; lost: ${n}`:`; ${n}`;return`${t}: ${Ft(e)}: ${S(r)}${S(s)} [${o}]`}),
Ft=(function({file:e,line:t,seq:r,event_type:n}){return[S(e)+(t===null?"":` line ${t}`),...r===null?[]:[`seq ${r}`],...n===null?[]:[n]].join(", ")}),
ct=(function(e,t){let r=0,n=0,o=t(s=>{s.severity==="loss"&&n++,++r<=A&&e.remark(Ut(s))});return r>A&&e.remark(`and ${r-A} more; --diagnostics FILE keeps them all`),{result:o,losses:n}}),
dt=(function(e,t){let r=new TextEncoder,n=0,o=[];b(e,i=>{let a="",c=()=>{a!==""&&i(r.encode(a)),a=""};o.push(t(d=>{d.severity==="loss"&&n++,a+=`${Pt(d)}
`,a.length>=Dt&&c()})),c()});let[s]=o;if(s===void 0)throw new TypeError("the work gave nothing");return{result:s,losses:n}}),
ut=(function(e,t,r){if(!Mt(r))return;let n;try{$(e,{tolerant:!0,limits:t,onCounters:o=>void(n=o)})}catch{return}return n===void 0?void 0:Lt(n)}),
Lt=(function({events:e,skippedEvents:t}){let r=e-t;return r===0?void 0:`nothing was written; --tolerant reduces ${r} of ${e} events`}),
Mt=(function(e){return e instanceof M||e instanceof L?!0:e instanceof F&&e.line!==void 0}),
Bt=(async function(e,t){let r=await V(e,mt);if(r.on("help"))return t.text(lt),p.ok;let n=zt(r);N("read",n.bundle);for(let o of[n.output,n.diagnostics])o!==void 0&&(N("write",o),Q(n.bundle,o));return jt(n,t)}),
zt=(function(e){let t=K(e.positionals,"reduce"),r=e.value("output")??Wt(t,z),n=e.value("diagnostics");if(n!==void 0&&v(n))throw new w("diagnostics do not go to standard output","name a file, or leave --diagnostics out: then they go to standard error");if(n!==void 0&&Z(n,r))throw new w("the graph and the diagnostics cannot go to one file","name two");return{bundle:t,output:v(r)?void 0:r,diagnostics:n,tolerant:e.on("tolerant"),limits:X(e),verbose:e.on("verbose")}}),
jt=(function(e,t){let{bundle:r,tolerant:n,limits:o,diagnostics:s}=e,i,a=u=>{let f=l=>void(i=l);return Y(r,()=>$(r,{tolerant:n,limits:o,onDiagnostic:u,onCounters:f}),l=>n?void 0:ut(r,o,l))},{result:c,losses:d}=s===void 0?ct(t,a):dt(s,a);return e.verbose&&t.remark(qt(c)),Jt(c,e.output,t),d===0?p.ok:(i!==void 0&&t.remark(Yt(i,d,s)),p.partial)}),
Jt=(function(e,t,r){if(t===void 0)return I(e,r.data);let n=b(t,o=>I(e,o));Ht(t,n,r)}),
Wt=(function(e,t){return e.endsWith("/")||Deno.build.os==="windows"&&e.endsWith("\\")?e+t:`${e}/${t}`}),
Ht=(function(e,t,r){t==="passed on"?r.remark(e):r.line(e)}),
Yt=(function({events:e,skippedEvents:t},r,n){let o=n===void 0?"":`, told in ${n}`;return`partial: ${e-t} of ${e} events reduced, ${r} ${r===1?"loss":"losses"}${o}`}),
qt=(function(e){let r=[[e.threads.size,"thread"],[e.codex_turns.size,"turn"],[e.conversation_items.size,"conversation item"],[e.inference_calls.size,"inference call"],[e.tool_calls.size,"tool call"],[e.code_cells.size,"code cell"],[e.terminal_operations.size,"terminal operation"],[e.compactions.size,"compaction"],[e.interaction_edges.size,"edge"],[e.raw_payloads.size,"payload"]].map(([n,o])=>`${n} ${o}${n===1?"":"s"}`).join(", ");return`schema ${e.schema_version}, ${e.status}: ${r}`}),
D=(function(e){let t=Math.max(...e.map(({name:n})=>n.length),12);return`Usage: rollout-trace COMMAND [ARGUMENTS]

Records and reduces the rollout traces of Codex.

Commands:
${e.map(({name:n,summary:o})=>`  ${n.padEnd(t)}  ${o}`).join(`
`)}
  ${"help COMMAND".padEnd(t)}  Show how a command is used

Options:
  -h, --help     Show this help
  -V, --version  Show the version`}),
ht=(async function(e,t){if(e===void 0)return D(t);let r=t.find(({name:n})=>n===e);if(r===void 0)throw await P(e,t);return(await r.load()).usage}),
P=(async function(e,t){let r=t.map(({name:o})=>o),n=await G(e,[...r,...Gt]);return new w(`unknown ${e.startsWith("-")?"option":"command"} ${B(e)}`,n===void 0?"rollout-trace help shows what there is":`did you mean ${n}?`)}),
pt=(function(){let e=new TextEncoder,t=n=>U(Deno.stdout,e.encode(n)),r=n=>{try{return U(Deno.stderr,e.encode(n)),!0}catch{return!1}};return{data:n=>U(Deno.stdout,n),line:n=>t(`${Deno.stdout.isTerminal()?O(n):n}
`),text:n=>t(`${n}
`),screen:()=>({columns:Vt(),color:Deno.stdout.isTerminal()&&!Deno.noColor}),remark:n=>void r(`${O(n)}
`),watcher:()=>Deno.stderr.isTerminal()?{isTTY:!0,write:n=>r(n)}:void 0}}),
Vt=(function(){try{return Deno.consoleSize().columns}catch{return}}),
U=(function(e,t){for(let r=0;r<t.length;)r+=e.writeSync(t.subarray(r))}),
Ge=(async function(e,t=pt(),r=R){try{return await Qt(e,t,r)}catch(n){if(n instanceof Deno.errors.BrokenPipe)return p.bundle;let{message:o,hint:s,usage:i,exitCode:a}=et(n);return t.remark(`error: ${o}`),s!==void 0&&t.remark(`hint: ${s}`),i!==void 0&&t.remark(i),a}}),
Qt=(async function(e,t,r){let[n,...o]=e;if(n===void 0){for(let i of D(r).split(`
`))t.remark(i);return p.usage}let s=r.find(({name:i})=>i===n);if(s!==void 0)return await Zt(s,o,t);if(Kt.includes(n))return t.text(`rollout-trace ${tt}`),p.ok;if(!Xt.includes(n))throw await P(n,r);return t.text(await ht(o[0],r)),p.ok}),
Zt=(async function(e,t,r){let n=await e.load();try{return await n.run(t,r)}catch(o){throw o instanceof w?o.inCommand(n.usage):o}});
;;;;;;;;;;;;;;;;;var Ct=new TextEncoder,T=class{#r;#n;#t=new Uint8Array(4096);#e=[];constructor(t,r){this.#r=t,this.#n=r}get size(){return this.#t.length}first(t){let r=this.#e.at(-1)??0;for(let n=this.#e.length;n<t;n++)r=this.#o(this.#n+Ot(this.#r.idAt(n)),r),this.#e.push(r);return this.#t.subarray(this.#n.length,this.#e[t-1]??this.#n.length)}#o(t,r){if(this.#t.length-r<t.length*3){let o=new Uint8Array(2*(this.#t.length+t.length*3));o.set(this.#t),this.#t=o}let n=this.#t.subarray(r);return r+Ct.encodeInto(t,n).written}};;var x=1<<18,vt=16384,Nt=1<<25,_t=Math.floor(x/3),It=new TextEncoder,k=class{#r;#n=new Uint8Array(x);#t=0;#e="";#o=new Map;#s=0;constructor(t){this.#r=t}text(t){this.#e+=t,this.#e.length>=vt&&this.#i()}ids(t,r,n){this.#s>Nt&&this.#c();let o=this.#o.get(n)??new Map,s=o.get(t)??new T(t,n);this.#o.set(n,o.set(t,s)),this.#s-=s.size,this.#d(s.first(r)),this.#s+=s.size}end(){this.#i(),this.#a()}#c(){this.#o.clear(),this.#s=0}#d(t){this.#i(),t.length>x-this.#t&&this.#a(),t.length>x?this.#r(t):(this.#n.set(t,this.#t),this.#t+=t.length)}#i(){let t=this.#e;this.#e="";for(let r=0;r<t.length;){let n=At(t,r),o=t.slice(r,n);3*o.length>x-this.#t&&this.#a();let i=this.#n.subarray(this.#t);this.#t+=It.encodeInto(o,i).written,r=n}}#a(){this.#t>0&&this.#r(this.#n.subarray(0,this.#t)),this.#t=0}};;;;var A=50,Dt=64*1024;;;;;;;;;var lt=`Usage: rollout-trace reduce BUNDLE [-o FILE|-] [--tolerant] [--diagnostics FILE] [--verbose]

Replays a trace bundle of Codex and writes the graph it tells of to
BUNDLE/state.json, byte for byte as Codex itself writes it. Prints the path.

  BUNDLE               folder with manifest.json, trace.jsonl and payloads/

Options:
  -o, --output FILE    write to FILE; - stands for standard output
  -t, --tolerant       skip what cannot be reduced, reduce the rest and tell
                       of each skip; without, the first contradiction ends it
  --diagnostics FILE   write what was skipped or is worth knowing to FILE, one
                       JSON object a line; else it goes to standard error
  --limit NAME=VALUE   raise or lower a limit: line, payload, bundle (bytes, such
                       as 200M), events, payloads, carried, depth; may
                       be repeated
  --verbose            say on standard error what was read
  -h, --help           show this help

Files are complete or absent: each is written beside its place and renamed.
Needs --allow-read=BUNDLE and --allow-write=BUNDLE/state.json (or the FILEs).

Exit codes: 0 written, 1 the bundle or the disk does not allow it,
2 the command line or a permission has to change, 3 written without what
--tolerant skipped.`,mt={switches:["tolerant","verbose","help"],values:["output","diagnostics"],lists:["limit"],short:{o:"output",t:"tolerant",h:"help"},paths:["output","diagnostics"]},ft={usage:lt,flags:mt,run:Bt};;;;;;;;;var m=()=>import("./answering.js"),R=[{name:"reduce",summary:"Reduce a trace bundle to state.json",load:()=>Promise.resolve(ft)},{name:"check",summary:"Tell how a trace bundle is, and whether it can be reduced",load:async()=>(await m()).checkCommand},{name:"show",summary:"Show a session on one screen, and what went wrong first",load:async()=>(await m()).showCommand},{name:"timeline",summary:"Tell what happened, in order, and what went wrong",load:async()=>(await m()).timelineCommand},{name:"transcript",summary:"Tell what the model saw: a thread, or the input of one request",load:async()=>(await m()).transcriptCommand},{name:"context",summary:"Tell what a prompt was made of, by source, and how prompts grew",load:async()=>(await m()).contextCommand},{name:"explain",summary:"Explain one object: where it comes from, where it leads",load:async()=>(await m()).explainCommand},{name:"payload",summary:"Show the evidence itself, laid out or byte for byte",load:async()=>(await m()).payloadCommand},{name:"diff",summary:"Compare two requests, or two sessions",load:async()=>(await m()).diffCommand},{name:"search",summary:"Find a text: what holds it, and what stands around it",load:async()=>(await m()).searchCommand},{name:"stats",summary:"Count calls, tokens, latencies, failures, time and cost",load:async()=>(await m()).statsCommand},{name:"list",summary:"List the bundles below a folder, the newest first",load:async()=>(await m()).listCommand},{name:"report",summary:"Write one page that explains a session",load:async()=>(await m()).reportCommand},{name:"completions",summary:"Print what a shell needs to complete command lines",load:async()=>(await m()).completionsCommand(R)}];var Gt=["help","--help","--version"];;;;;;;var Xt=["help","--help","-h"],Kt=["--version","-V"];;;;export{Ge as runProgram};
