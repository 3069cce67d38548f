// Made by `deno task build` from lib/cli/program.ts, not written. LICENSES.txt names what it contains of others.
// @ts-self-types="../cli/program.ts"
import{$ as T,T as K,Z as V,a as x,b as J,ba as X,c as W,e as H,ea as N,f as Y,fa as C,g as S,ga as Q,ia as E,ja as Z,k as G,ka as ee,la as te,ma as ne,na as oe,oa as A,pa as re,ra as D,sa as ie,ta as se}from"./shared_1.js";
var k=(function({depth:n},e,r){let o=`
${"  ".repeat(n)}`;return{open:`${e}${o}  `,separator:`,${o}  `,close:`${o}${r}`}}),
R=(function(n){return{...n,depth:n.depth+1}}),
t=(function(){return(n,e,r)=>e+JSON.stringify(r)}),
l=(function(){return(n,e,r)=>e+r}),
ae=(function(){return(n,e,r)=>e+r}),
a=(function(n){return e=>{let r=n(e);return(o,i,s)=>s===null?i+"null":r(o,i,s)}}),
_=(function(n){let{open:e,separator:r,close:o}=k(n,"[","]");return(i,s,c)=>{if(c.length===0)return s+"[]";let d=c.map(u=>JSON.stringify(u));return s+e+d.join(r)+o}}),
q=(function(n){let{open:e,separator:r,close:o}=k(n,"[","]"),i=_(n);return(s,c,d)=>d.length===0||!(d instanceof V)?i(s,c,d.toJSON()):(s.text(c+e),s.ids(d.storage,d.length,r),o)}),
v=(function(n){return e=>{let{open:r,separator:o,close:i}=k(e,"[","]"),s=n(R(e));return(c,d,u)=>{if(u.length===0)return d+"[]";let p=d+r;for(let h of u)c.text(s(c,p,h)),p=o;return i}}}),
f=(function(n){return e=>{let{open:r,separator:o,close:i}=k(e,"{","}"),s=n(R(e));return(c,d,u)=>{if(u.size===0)return d+"{}";let p=d+r;for(let h of K([...u.keys()])){let b=u.get(h);b!==void 0&&(c.text(s(c,`${p}${JSON.stringify(h)}: `,b)),p=o)}return i}}}),
m=(function(n){return e=>{let{open:r,separator:o,close:i}=k(e,"{","}"),s=de(n,e,o);return(c,d,u)=>s(c,d+r,u,!0)+i}}),
y=(function(n){let e=Object.entries(n);return r=>{let{open:o,separator:i,close:s}=k(r,"{","}"),c=new Map(e.map(([d,u])=>[d,de(u,r,i)]));return(d,u,p)=>{let h=`${u}${o}"type": ${JSON.stringify(p.type)}`;return(c.get(p.type)?.(d,h,p,!1)??h)+s}}}),
de=(function(n,e,r){let i=Object.entries(n).filter(([s])=>!e.omitted.has(s)).map(([s,c])=>{let d=`${JSON.stringify(s)}: `,u=c(R(e));return{key:s,label:d,nextLabel:r+d,print:u}});return(s,c,d,u)=>{let p=d,h=c,b=!u;for(let{key:$,label:Ie,nextLabel:Ne,print:Ae}of i){let P=p[$];P!==void 0&&(h=Ae(s,h+(b?Ne:Ie),P),b=!0)}return h}}),
Ge=(function(n){return JSON.stringify(n)}),
L=(function(n,e){let r=new I(e),o=n.recording_complete??!1,i=be({depth:0,omitted:Ze[n.schema_version]});r.text(i(r,"",{...n,recording_complete:o})),r.end()}),
tt=(function(n){let{code:e,severity:r,file:o,line:i,seq:s,event_type:c,ids:d,message:u,lost:p}=n;return Q({code:e,severity:r,file:o,line:i,seq:s,event_type:c,ids:d,message:u,lost:p})}),
nt=(function(n){let{severity:e,message:r,lost:o,code:i}=n,s=e==="loss"?`; lost: ${o}`:`; ${o}`;return`${e}: ${ot(n)}: ${C(r)}${C(s)} [${i}]`}),
ot=(function({file:n,line:e,seq:r,event_type:o}){return[C(n)+(e===null?"":` line ${e}`),...r===null?[]:[`seq ${r}`],...o===null?[]:[o]].join(", ")}),
Ee=(function(n,e){let r=0,o=0,i=e(s=>{s.severity==="loss"&&o++,++r<=U&&n.remark(nt(s))});return r>U&&n.remark(`and ${r-U} more; --diagnostics FILE keeps them all`),{result:i,losses:o}}),
ke=(function(n,e){let r=new TextEncoder,o=0,i=[];S(n,c=>{let d="",u=()=>{d!==""&&c(r.encode(d)),d=""};i.push(e(p=>{p.severity==="loss"&&o++,d+=`${tt(p)}
`,d.length>=et&&u()})),u()});let[s]=i;if(s===void 0)throw new TypeError("the work gave nothing");return{result:s,losses:o}}),
$e=(function(n,e,r){if(!it(r))return;let o;try{T(n,{tolerant:!0,limits:e,onCounters:i=>void(o=i)})}catch{return}return o===void 0?void 0:rt(o)}),
rt=(function({events:n,skippedEvents:e}){let r=n-e;return r===0?void 0:`nothing was written; --tolerant reduces ${r} of ${n} events`}),
it=(function(n){return n instanceof H||n instanceof W?!0:n instanceof J&&n.line!==void 0}),
st=(async function(n,e){let r=await ee(n,Se);if(r.on("help"))return e.text(ve),x.ok;let o=at(r);D("read",o.bundle);for(let i of[o.output,o.diagnostics])i!==void 0&&(D("write",i),oe(o.bundle,i));return dt(o,e)}),
at=(function(n){let e=ne(n.positionals,"reduce"),r=n.value("output")??lt(e,G),o=n.value("diagnostics");if(o!==void 0&&A(o))throw new E("diagnostics do not go to standard output","name a file, or leave --diagnostics out: then they go to standard error");if(o!==void 0&&re(o,r))throw new E("the graph and the diagnostics cannot go to one file","name two");return{bundle:e,output:A(r)?void 0:r,diagnostics:o,tolerant:n.on("tolerant"),limits:te(n),verbose:n.on("verbose")}}),
dt=(function(n,e){let{bundle:r,tolerant:o,limits:i,diagnostics:s}=n,c,d=h=>{let b=$=>void(c=$);return X(r,()=>T(r,{tolerant:o,limits:i,onDiagnostic:h,onCounters:b}),$=>o?void 0:$e(r,i,$))},{result:u,losses:p}=s===void 0?Ee(e,d):ke(s,d);return n.verbose&&e.remark(_t(u)),ct(u,n.output,e),p===0?x.ok:(c!==void 0&&e.remark(mt(c,p,s)),x.partial)}),
ct=(function(n,e,r){if(e===void 0)return L(n,r.data);let o=S(e,i=>L(n,i));ut(e,o,r)}),
lt=(function(n,e){return n.endsWith("/")||Deno.build.os==="windows"&&n.endsWith("\\")?n+e:`${n}/${e}`}),
ut=(function(n,e,r){e==="passed on"?r.remark(n):r.line(n)}),
mt=(function({events:n,skippedEvents:e},r,o){let i=o===void 0?"":`, told in ${o}`;return`partial: ${n-e} of ${n} events reduced, ${r} ${r===1?"loss":"losses"}${i}`}),
_t=(function(n){let r=[[n.threads.size,"thread"],[n.codex_turns.size,"turn"],[n.conversation_items.size,"conversation item"],[n.inference_calls.size,"inference call"],[n.tool_calls.size,"tool call"],[n.code_cells.size,"code cell"],[n.terminal_operations.size,"terminal operation"],[n.compactions.size,"compaction"],[n.interaction_edges.size,"edge"],[n.raw_payloads.size,"payload"]].map(([o,i])=>`${o} ${i}${o===1?"":"s"}`).join(", ");return`schema ${n.schema_version}, ${n.status}: ${r}`}),
B=(function(n){let e=Math.max(...n.map(({name:o})=>o.length),12);return`Usage: rollout-trace COMMAND [ARGUMENTS]

Records and reduces the rollout traces of Codex.

Commands:
${n.map(({name:o,summary:i})=>`  ${o.padEnd(e)}  ${i}`).join(`
`)}
  ${"help COMMAND".padEnd(e)}  Show how a command is used

Options:
  -h, --help     Show this help
  -V, --version  Show the version`}),
Ce=(async function(n,e){if(n===void 0)return B(e);let r=e.find(({name:o})=>o===n);if(r===void 0)throw await j(n,e);return(await r.load()).usage}),
j=(async function(n,e){let r=e.map(({name:i})=>i),o=await Z(n,[...r,...pt]);return new E(`unknown ${n.startsWith("-")?"option":"command"} ${Y(n)}`,o===void 0?"rollout-trace help shows what there is":`did you mean ${o}?`)}),
Oe=(function(){let n=new TextEncoder,e=o=>z(Deno.stdout,n.encode(o)),r=o=>{try{return z(Deno.stderr,n.encode(o)),!0}catch{return!1}};return{data:o=>z(Deno.stdout,o),line:o=>e(`${Deno.stdout.isTerminal()?N(o):o}
`),text:o=>e(`${o}
`),screen:()=>({columns:ht(),color:Deno.stdout.isTerminal()&&!Deno.noColor}),remark:o=>void r(`${N(o)}
`),watcher:()=>Deno.stderr.isTerminal()?{isTTY:!0,write:o=>r(o)}:void 0}}),
ht=(function(){try{return Deno.consoleSize().columns}catch{return}}),
z=(function(n,e){for(let r=0;r<e.length;)r+=n.writeSync(e.subarray(r))}),
Cn=(async function(n,e=Oe(),r=M){try{return await yt(n,e,r)}catch(o){if(o instanceof Deno.errors.BrokenPipe)return x.bundle;let{message:i,hint:s,usage:c,exitCode:d}=se(o);return e.remark(`error: ${i}`),s!==void 0&&e.remark(`hint: ${s}`),c!==void 0&&e.remark(c),d}}),
yt=(async function(n,e,r){let[o,...i]=n;if(o===void 0){for(let c of B(r).split(`
`))e.remark(c);return x.usage}let s=r.find(({name:c})=>c===o);if(s!==void 0)return await gt(s,i,e);if(wt.includes(o))return e.text(`rollout-trace ${ie}`),x.ok;if(!ft.includes(o))throw await j(o,r);return e.text(await Ce(i[0],r)),x.ok}),
gt=(async function(n,e,r){let o=await n.load();try{return await o.run(e,r)}catch(i){throw i instanceof E?i.inCommand(o.usage):i}});
;;;;;;;;;;;;;;var De=y({text:{text:t},summary:{text:t},encoded:{label:t,value:t},json:{summary:t,raw_payload_id:t},code:{language:t,source:t},payload_ref:{label:t,raw_payload_id:t,content_sha256:t}}),Re=m({parts:v(De)}),qe=y({user_input:{},inference:{inference_call_id:t},tool:{tool_call_id:t},code_cell:{code_cell_id:t},interaction_edge:{edge_id:t},compaction:{compaction_id:t},harness:{}}),Fe=m({author:t,recipient:t}),ce=m({item_id:t,responses_item_id:t,accepted_at_unix_ms:l,accepted_seq:l,thread_id:t,codex_turn_id:a(t),first_seen_at_unix_ms:l,role:t,channel:a(t),kind:t,agent_message:Fe,body:Re,call_id:a(t),produced_by:v(qe)});var g=m({started_at_unix_ms:l,started_seq:l,ended_at_unix_ms:a(l),ended_seq:a(l),status:t}),Le=y({root:{},spawned:{parent_thread_id:t,spawn_edge_id:t,task_name:t,agent_role:t}}),le=m({thread_id:t,agent_path:t,nickname:a(t),origin:Le,execution:g,default_model:a(t),conversation_item_ids:_}),ue=m({codex_turn_id:t,thread_id:t,execution:g,input_item_ids:_});var Ue=m({input_tokens:l,cached_input_tokens:l,cache_write_input_tokens:l,output_tokens:l,reasoning_output_tokens:l}),_e=m({inference_call_id:t,thread_id:t,codex_turn_id:t,execution:g,model:t,provider_name:t,response_id:a(t),upstream_request_id:a(t),request_item_ids:q,response_item_ids:_,tool_call_ids_started_by_response:_,usage:a(Ue),raw_request_payload_id:t,raw_response_payload_id:a(t)}),pe=m({code_cell_id:t,model_visible_call_id:t,thread_id:t,codex_turn_id:t,source_item_id:t,output_item_ids:_,runtime_cell_id:a(t),execution:g,runtime_status:t,initial_response_at_unix_ms:a(l),initial_response_seq:a(l),initial_response_status:a(t),raw_initial_response_payload_id:a(t),raw_result_payload_id:a(t),yielded_at_unix_ms:a(l),yielded_seq:a(l),source_js:t,nested_tool_call_ids:_,wait_tool_call_ids:_}),Me=y({model:{},code_cell:{code_cell_id:t}}),Be=y({exec_command:{},write_stdin:{},apply_patch:{},mcp:{server:t,tool:t},web:{},image_generation:{},spawn_agent:{},assign_agent_task:{},send_message:{},wait_agent:{},close_agent:{},other:{name:t}}),je=y({terminal:{operation_id:t},agent:{target_agent_path:t,task_name:a(t),message_preview:t},wait_agent:{target_agent_path:a(t),timeout_ms:a(l)},generic:{label:t,input_preview:a(t),output_preview:a(t)}}),he=m({tool_call_id:t,mcp_call_id:a(t),model_visible_call_id:a(t),code_mode_runtime_tool_id:a(t),started_code_cell_id:t,thread_id:t,started_by_codex_turn_id:a(t),execution:g,requester:Me,kind:Be,model_visible_call_item_ids:_,model_visible_output_item_ids:_,terminal_operation_id:a(t),summary:je,raw_invocation_payload_id:a(t),raw_result_payload_id:a(t),raw_runtime_payload_ids:_}),fe=m({compaction_id:t,thread_id:t,codex_turn_id:t,installed_at_unix_ms:l,marker_item_id:t,request_ids:_,input_item_ids:q,replacement_item_ids:_}),we=m({compaction_request_id:t,compaction_id:t,thread_id:t,codex_turn_id:t,execution:g,model:t,provider_name:t,raw_request_payload_id:t,raw_response_payload_id:a(t)}),me=y({conversation_item:{item_id:t},tool_call:{tool_call_id:t},thread:{thread_id:t}}),ye=m({edge_id:t,kind:t,source:me,target:me,started_at_unix_ms:l,ended_at_unix_ms:a(l),carried_item_ids:_,carried_raw_payload_ids:_});var ge=m({terminal_id:t,thread_id:t,created_by_operation_id:t,operation_ids:_,execution:g}),ze=y({exec_command:{command:_,display_command:t,cwd:t,yield_time_ms:a(l),max_output_tokens:a(l)},write_stdin:{stdin:t,yield_time_ms:a(l),max_output_tokens:a(l)}}),Pe=m({exit_code:a(l),stdout:t,stderr:t,formatted_output:a(t),original_token_count:a(l),chunk_id:a(t)}),Je=m({call_item_ids:_,output_item_ids:_,source:t}),xe=m({operation_id:t,terminal_id:a(t),tool_call_id:t,kind:t,execution:g,request:ze,result:a(Pe),model_observations:v(Je),raw_payload_ids:_});var We=m({type:t}),He=m({raw_payload_id:t,kind:We,path:t}),be=m({schema_version:l,trace_id:t,rollout_id:t,started_at_unix_ms:l,ended_at_unix_ms:a(l),status:t,recording_complete:ae,root_thread_id:t,threads:f(le),codex_turns:f(ue),conversation_items:f(ce),inference_calls:f(_e),code_cells:f(pe),tool_calls:f(he),terminal_sessions:f(ge),terminal_operations:f(xe),compactions:f(fe),compaction_requests:f(we),interaction_edges:f(ye),raw_payloads:f(He)});var Ye=new TextEncoder,O=class{#o;#n;#e=new Uint8Array(4096);#t=[];constructor(e,r){this.#o=e,this.#n=r}get size(){return this.#e.length}first(e){let r=this.#t.at(-1)??0;for(let o=this.#t.length;o<e;o++)r=this.#r(this.#n+Ge(this.#o.idAt(o)),r),this.#t.push(r);return this.#e.subarray(this.#n.length,this.#t[e-1]??this.#n.length)}#r(e,r){if(this.#e.length-r<e.length*3){let i=new Uint8Array(2*(this.#e.length+e.length*3));i.set(this.#e),this.#e=i}let o=this.#e.subarray(r);return r+Ye.encodeInto(e,o).written}};;var F=1<<18,Ke=16384,Ve=1<<25,Xe=new TextEncoder,I=class{#o;#n=new Uint8Array(F);#e=0;#t="";#r=new Map;#i=0;constructor(e){this.#o=e}text(e){this.#t+=e,this.#t.length>=Ke&&this.#s()}ids(e,r,o){this.#i>Ve&&this.#d();let i=this.#r.get(o)??new Map,s=i.get(e)??new O(e,o);this.#r.set(o,i.set(e,s)),this.#i-=s.size,this.#c(s.first(r)),this.#i+=s.size}end(){this.#s(),this.#a()}#d(){this.#r.clear(),this.#i=0}#c(e){this.#s(),e.length>F-this.#e&&this.#a(),e.length>F?this.#o(e):(this.#n.set(e,this.#e),this.#e+=e.length)}#s(){let e=this.#t;for(this.#t="";e!=="";){let r=this.#n.subarray(this.#e),{read:o,written:i}=Xe.encodeInto(e,r);if(this.#e+=i,o===e.length)return;e=e.slice(o),this.#a()}}#a(){this.#e>0&&this.#o(this.#n.subarray(0,this.#e)),this.#e=0}};var Qe=new Set(["recording_complete","responses_item_id","accepted_at_unix_ms","accepted_seq","content_sha256","started_code_cell_id"]),Ze={1:Qe,2:new Set};;var U=50,et=64*1024;;;;;;;;;var ve=`Usage: rollout-trace reduce BUNDLE [-o FILE|-] [--tolerant] [--diagnostics FILE] [--verbose]

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
--tolerant skipped.`,Se={switches:["tolerant","verbose","help"],values:["output","diagnostics"],lists:["limit"],short:{o:"output",t:"tolerant",h:"help"},paths:["output","diagnostics"]},Te={usage:ve,flags:Se,run:st};;;;;;;;;var w=()=>import("./answering.js"),M=[{name:"reduce",summary:"Reduce a trace bundle to state.json",load:()=>Promise.resolve(Te)},{name:"check",summary:"Tell how a trace bundle is, and whether it can be reduced",load:async()=>(await w()).checkCommand},{name:"show",summary:"Show a session on one screen, and what went wrong first",load:async()=>(await w()).showCommand},{name:"timeline",summary:"Tell what happened, in order, and what went wrong",load:async()=>(await w()).timelineCommand},{name:"transcript",summary:"Tell what the model saw: a thread, or the input of one request",load:async()=>(await w()).transcriptCommand},{name:"context",summary:"Tell what a prompt was made of, by source, and how prompts grew",load:async()=>(await w()).contextCommand},{name:"explain",summary:"Explain one object: where it comes from, where it leads",load:async()=>(await w()).explainCommand},{name:"payload",summary:"Show the evidence itself, laid out or byte for byte",load:async()=>(await w()).payloadCommand},{name:"diff",summary:"Compare two requests, or two sessions",load:async()=>(await w()).diffCommand},{name:"search",summary:"Find a text: what holds it, and what stands around it",load:async()=>(await w()).searchCommand},{name:"stats",summary:"Count calls, tokens, latencies, failures, time and cost",load:async()=>(await w()).statsCommand},{name:"list",summary:"List the bundles below a folder, the newest first",load:async()=>(await w()).listCommand},{name:"report",summary:"Write one page that explains a session",load:async()=>(await w()).reportCommand},{name:"completions",summary:"Print what a shell needs to complete command lines",load:async()=>(await w()).completionsCommand(M)}];var pt=["help","--help","--version"];;;;;;;var ft=["help","--help","-h"],wt=["--version","-V"];;;;export{Cn as runProgram};
