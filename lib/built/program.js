// Made by `deno task build` from lib/cli/program.ts, not written. LICENSES.txt names what it contains of others.
// @ts-self-types="../cli/program.ts"
import{$ as C,T as K,Z as V,a as x,b as J,ba as X,c as W,e as H,ea as A,f as Y,fa as O,g as S,ga as Q,ia as E,ja as Z,k as G,ka as ee,la as te,ma as ne,na as oe,oa as R,pa as re,ra as D,sa as se,ta as ie}from"./shared_1.js";
var k=(function({depth:n},e,o){let r=`
${"  ".repeat(n)}`;return{open:`${e}${r}  `,separator:`,${r}  `,close:`${r}${o}`}}),
q=(function(n){return{...n,depth:n.depth+1}}),
t=(function(){return(n,e,o)=>e+JSON.stringify(o)}),
l=(function(){return(n,e,o)=>e+o}),
ae=(function(){return(n,e,o)=>e+o}),
a=(function(n){return e=>{let o=n(e);return(r,s,i)=>i===null?s+"null":o(r,s,i)}}),
_=(function(n){let{open:e,separator:o,close:r}=k(n,"[","]");return(s,i,c)=>{if(c.length===0)return i+"[]";let d=c.map(u=>JSON.stringify(u));return i+e+d.join(o)+r}}),
U=(function(n){let{open:e,separator:o,close:r}=k(n,"[","]"),s=_(n);return(i,c,d)=>d.length===0||!(d instanceof V)?s(i,c,d.toJSON()):(i.text(c+e),i.ids(d.storage,d.length,o),r)}),
T=(function(n){return e=>{let{open:o,separator:r,close:s}=k(e,"[","]"),i=n(q(e));return(c,d,u)=>{if(u.length===0)return d+"[]";let p=d+o;for(let h of u)c.text(i(c,p,h)),p=r;return s}}}),
f=(function(n){return e=>{let{open:o,separator:r,close:s}=k(e,"{","}"),i=n(q(e));return(c,d,u)=>{if(u.size===0)return d+"{}";let p=d+o;for(let h of K([...u.keys()])){let b=u.get(h);b!==void 0&&(c.text(i(c,`${p}${JSON.stringify(h)}: `,b)),p=r)}return s}}}),
m=(function(n){return e=>{let{open:o,separator:r,close:s}=k(e,"{","}"),i=de(n,e,r);return(c,d,u)=>i(c,d+o,u,!0)+s}}),
y=(function(n){let e=Object.entries(n);return o=>{let{open:r,separator:s,close:i}=k(o,"{","}"),c=new Map(e.map(([d,u])=>[d,de(u,o,s)]));return(d,u,p)=>{let h=`${u}${r}"type": ${JSON.stringify(p.type)}`;return(c.get(p.type)?.(d,h,p,!1)??h)+i}}}),
de=(function(n,e,o){let s=Object.entries(n).filter(([i])=>!e.omitted.has(i)).map(([i,c])=>{let d=`${JSON.stringify(i)}: `,u=c(q(e));return{key:i,label:d,nextLabel:o+d,print:u}});return(i,c,d,u)=>{let p=d,h=c,b=!u;for(let{key:$,label:Ne,nextLabel:Ae,print:Re}of s){let z=p[$];z!==void 0&&(h=Re(i,h+(b?Ae:Ne),z),b=!0)}return h}}),
Ke=(function(n){return JSON.stringify(n)}),
et=(function(n,e){let o=e+Qe;if(o>=n.length)return n.length;let r=n.charCodeAt(o-1);return r>=55296&&r<56320?o-1:o}),
F=(function(n,e){let o=new N(e),r=n.recording_complete??!1,s=be({depth:0,omitted:nt[n.schema_version]});o.text(s(o,"",{...n,recording_complete:r})),o.end()}),
rt=(function(n){let{code:e,severity:o,file:r,line:s,seq:i,event_type:c,ids:d,message:u,lost:p}=n;return Q({code:e,severity:o,file:r,line:s,seq:i,event_type:c,ids:d,message:u,lost:p})}),
st=(function(n){let{severity:e,message:o,lost:r,code:s}=n,i=e==="loss"?`; lost: ${r}`:`; ${r}`;return`${e}: ${it(n)}: ${O(o)}${O(i)} [${s}]`}),
it=(function({file:n,line:e,seq:o,event_type:r}){return[O(n)+(e===null?"":` line ${e}`),...o===null?[]:[`seq ${o}`],...r===null?[]:[r]].join(", ")}),
ke=(function(n,e){let o=0,r=0,s=e(i=>{i.severity==="loss"&&r++,++o<=L&&n.remark(st(i))});return o>L&&n.remark(`and ${o-L} more; --diagnostics FILE keeps them all`),{result:s,losses:r}}),
$e=(function(n,e){let o=new TextEncoder,r=0,s=[];S(n,c=>{let d="",u=()=>{d!==""&&c(o.encode(d)),d=""};s.push(e(p=>{p.severity==="loss"&&r++,d+=`${rt(p)}
`,d.length>=ot&&u()})),u()});let[i]=s;if(i===void 0)throw new TypeError("the work gave nothing");return{result:i,losses:r}}),
Te=(function(n,e,o){if(!dt(o))return;let r;try{C(n,{tolerant:!0,limits:e,onCounters:s=>void(r=s)})}catch{return}return r===void 0?void 0:at(r)}),
at=(function({events:n,skippedEvents:e}){let o=n-e;return o===0?void 0:`nothing was written; --tolerant reduces ${o} of ${n} events`}),
dt=(function(n){return n instanceof H||n instanceof W?!0:n instanceof J&&n.line!==void 0}),
ct=(async function(n,e){let o=await ee(n,Se);if(o.on("help"))return e.text(ve),x.ok;let r=lt(o);D("read",r.bundle);for(let s of[r.output,r.diagnostics])s!==void 0&&(D("write",s),oe(r.bundle,s));return ut(r,e)}),
lt=(function(n){let e=ne(n.positionals,"reduce"),o=n.value("output")??_t(e,G),r=n.value("diagnostics");if(r!==void 0&&R(r))throw new E("diagnostics do not go to standard output","name a file, or leave --diagnostics out: then they go to standard error");if(r!==void 0&&re(r,o))throw new E("the graph and the diagnostics cannot go to one file","name two");return{bundle:e,output:R(o)?void 0:o,diagnostics:r,tolerant:n.on("tolerant"),limits:te(n),verbose:n.on("verbose")}}),
ut=(function(n,e){let{bundle:o,tolerant:r,limits:s,diagnostics:i}=n,c,d=h=>{let b=$=>void(c=$);return X(o,()=>C(o,{tolerant:r,limits:s,onDiagnostic:h,onCounters:b}),$=>r?void 0:Te(o,s,$))},{result:u,losses:p}=i===void 0?ke(e,d):$e(i,d);return n.verbose&&e.remark(ft(u)),mt(u,n.output,e),p===0?x.ok:(c!==void 0&&e.remark(ht(c,p,i)),x.partial)}),
mt=(function(n,e,o){if(e===void 0)return F(n,o.data);let r=S(e,s=>F(n,s));pt(e,r,o)}),
_t=(function(n,e){return n.endsWith("/")||Deno.build.os==="windows"&&n.endsWith("\\")?n+e:`${n}/${e}`}),
pt=(function(n,e,o){e==="passed on"?o.remark(n):o.line(n)}),
ht=(function({events:n,skippedEvents:e},o,r){let s=r===void 0?"":`, told in ${r}`;return`partial: ${n-e} of ${n} events reduced, ${o} ${o===1?"loss":"losses"}${s}`}),
ft=(function(n){let o=[[n.threads.size,"thread"],[n.codex_turns.size,"turn"],[n.conversation_items.size,"conversation item"],[n.inference_calls.size,"inference call"],[n.tool_calls.size,"tool call"],[n.code_cells.size,"code cell"],[n.terminal_operations.size,"terminal operation"],[n.compactions.size,"compaction"],[n.interaction_edges.size,"edge"],[n.raw_payloads.size,"payload"]].map(([r,s])=>`${r} ${s}${r===1?"":"s"}`).join(", ");return`schema ${n.schema_version}, ${n.status}: ${o}`}),
B=(function(n){let e=Math.max(...n.map(({name:r})=>r.length),12);return`Usage: rollout-trace COMMAND [ARGUMENTS]

Records and reduces the rollout traces of Codex.

Commands:
${n.map(({name:r,summary:s})=>`  ${r.padEnd(e)}  ${s}`).join(`
`)}
  ${"help COMMAND".padEnd(e)}  Show how a command is used

Options:
  -h, --help     Show this help
  -V, --version  Show the version`}),
Oe=(async function(n,e){if(n===void 0)return B(e);let o=e.find(({name:r})=>r===n);if(o===void 0)throw await j(n,e);return(await o.load()).usage}),
j=(async function(n,e){let o=e.map(({name:s})=>s),r=await Z(n,[...o,...wt]);return new E(`unknown ${n.startsWith("-")?"option":"command"} ${Y(n)}`,r===void 0?"rollout-trace help shows what there is":`did you mean ${r}?`)}),
Ie=(function(){let n=new TextEncoder,e=r=>P(Deno.stdout,n.encode(r)),o=r=>{try{return P(Deno.stderr,n.encode(r)),!0}catch{return!1}};return{data:r=>P(Deno.stdout,r),line:r=>e(`${Deno.stdout.isTerminal()?A(r):r}
`),text:r=>e(`${r}
`),screen:()=>({columns:yt(),color:Deno.stdout.isTerminal()&&!Deno.noColor}),remark:r=>void o(`${A(r)}
`),watcher:()=>Deno.stderr.isTerminal()?{isTTY:!0,write:r=>o(r)}:void 0}}),
yt=(function(){try{return Deno.consoleSize().columns}catch{return}}),
P=(function(n,e){for(let o=0;o<e.length;)o+=n.writeSync(e.subarray(o))}),
Nn=(async function(n,e=Ie(),o=M){try{return await bt(n,e,o)}catch(r){if(r instanceof Deno.errors.BrokenPipe)return x.bundle;let{message:s,hint:i,usage:c,exitCode:d}=ie(r);return e.remark(`error: ${s}`),i!==void 0&&e.remark(`hint: ${i}`),c!==void 0&&e.remark(c),d}}),
bt=(async function(n,e,o){let[r,...s]=n;if(r===void 0){for(let c of B(o).split(`
`))e.remark(c);return x.usage}let i=o.find(({name:c})=>c===r);if(i!==void 0)return await Et(i,s,e);if(xt.includes(r))return e.text(`rollout-trace ${se}`),x.ok;if(!gt.includes(r))throw await j(r,o);return e.text(await Oe(s[0],o)),x.ok}),
Et=(async function(n,e,o){let r=await n.load();try{return await r.run(e,o)}catch(s){throw s instanceof E?s.inCommand(r.usage):s}});
;;;;;;;;;;;;;;var De=y({text:{text:t},summary:{text:t},encoded:{label:t,value:t},json:{summary:t,raw_payload_id:t},code:{language:t,source:t},payload_ref:{label:t,raw_payload_id:t,content_sha256:t}}),qe=m({parts:T(De)}),Ue=y({user_input:{},inference:{inference_call_id:t},tool:{tool_call_id:t},code_cell:{code_cell_id:t},interaction_edge:{edge_id:t},compaction:{compaction_id:t},harness:{}}),Fe=m({author:t,recipient:t}),ce=m({item_id:t,responses_item_id:t,accepted_at_unix_ms:l,accepted_seq:l,thread_id:t,codex_turn_id:a(t),first_seen_at_unix_ms:l,role:t,channel:a(t),kind:t,agent_message:Fe,body:qe,call_id:a(t),produced_by:T(Ue)});var g=m({started_at_unix_ms:l,started_seq:l,ended_at_unix_ms:a(l),ended_seq:a(l),status:t}),Le=y({root:{},spawned:{parent_thread_id:t,spawn_edge_id:t,task_name:t,agent_role:t}}),le=m({thread_id:t,agent_path:t,nickname:a(t),origin:Le,execution:g,default_model:a(t),conversation_item_ids:_}),ue=m({codex_turn_id:t,thread_id:t,execution:g,input_item_ids:_});var Me=m({input_tokens:l,cached_input_tokens:l,cache_write_input_tokens:l,output_tokens:l,reasoning_output_tokens:l}),_e=m({inference_call_id:t,thread_id:t,codex_turn_id:t,execution:g,model:t,provider_name:t,response_id:a(t),upstream_request_id:a(t),request_item_ids:U,response_item_ids:_,tool_call_ids_started_by_response:_,usage:a(Me),raw_request_payload_id:t,raw_response_payload_id:a(t)}),pe=m({code_cell_id:t,model_visible_call_id:t,thread_id:t,codex_turn_id:t,source_item_id:t,output_item_ids:_,runtime_cell_id:a(t),execution:g,runtime_status:t,initial_response_at_unix_ms:a(l),initial_response_seq:a(l),initial_response_status:a(t),raw_initial_response_payload_id:a(t),raw_result_payload_id:a(t),yielded_at_unix_ms:a(l),yielded_seq:a(l),source_js:t,nested_tool_call_ids:_,wait_tool_call_ids:_}),Be=y({model:{},code_cell:{code_cell_id:t}}),je=y({exec_command:{},write_stdin:{},apply_patch:{},mcp:{server:t,tool:t},web:{},image_generation:{},spawn_agent:{},assign_agent_task:{},send_message:{},wait_agent:{},close_agent:{},other:{name:t}}),Pe=y({terminal:{operation_id:t},agent:{target_agent_path:t,task_name:a(t),message_preview:t},wait_agent:{target_agent_path:a(t),timeout_ms:a(l)},generic:{label:t,input_preview:a(t),output_preview:a(t)}}),he=m({tool_call_id:t,mcp_call_id:a(t),model_visible_call_id:a(t),code_mode_runtime_tool_id:a(t),started_code_cell_id:t,thread_id:t,started_by_codex_turn_id:a(t),execution:g,requester:Be,kind:je,model_visible_call_item_ids:_,model_visible_output_item_ids:_,terminal_operation_id:a(t),summary:Pe,raw_invocation_payload_id:a(t),raw_result_payload_id:a(t),raw_runtime_payload_ids:_}),fe=m({compaction_id:t,thread_id:t,codex_turn_id:t,installed_at_unix_ms:l,marker_item_id:t,request_ids:_,input_item_ids:U,replacement_item_ids:_}),we=m({compaction_request_id:t,compaction_id:t,thread_id:t,codex_turn_id:t,execution:g,model:t,provider_name:t,raw_request_payload_id:t,raw_response_payload_id:a(t)}),me=y({conversation_item:{item_id:t},tool_call:{tool_call_id:t},thread:{thread_id:t}}),ye=m({edge_id:t,kind:t,source:me,target:me,started_at_unix_ms:l,ended_at_unix_ms:a(l),carried_item_ids:_,carried_raw_payload_ids:_});var ge=m({terminal_id:t,thread_id:t,created_by_operation_id:t,operation_ids:_,execution:g}),ze=y({exec_command:{command:_,display_command:t,cwd:t,yield_time_ms:a(l),max_output_tokens:a(l)},write_stdin:{stdin:t,yield_time_ms:a(l),max_output_tokens:a(l)}}),Je=m({exit_code:a(l),stdout:t,stderr:t,formatted_output:a(t),original_token_count:a(l),chunk_id:a(t)}),We=m({call_item_ids:_,output_item_ids:_,source:t}),xe=m({operation_id:t,terminal_id:a(t),tool_call_id:t,kind:t,execution:g,request:ze,result:a(Je),model_observations:T(We),raw_payload_ids:_});var He=m({type:t}),Ye=m({raw_payload_id:t,kind:He,path:t}),be=m({schema_version:l,trace_id:t,rollout_id:t,started_at_unix_ms:l,ended_at_unix_ms:a(l),status:t,recording_complete:ae,root_thread_id:t,threads:f(le),codex_turns:f(ue),conversation_items:f(ce),inference_calls:f(_e),code_cells:f(pe),tool_calls:f(he),terminal_sessions:f(ge),terminal_operations:f(xe),compactions:f(fe),compaction_requests:f(we),interaction_edges:f(ye),raw_payloads:f(Ye)});var Ge=new TextEncoder,I=class{#o;#n;#e=new Uint8Array(4096);#t=[];constructor(e,o){this.#o=e,this.#n=o}get size(){return this.#e.length}first(e){let o=this.#t.at(-1)??0;for(let r=this.#t.length;r<e;r++)o=this.#r(this.#n+Ke(this.#o.idAt(r)),o),this.#t.push(o);return this.#e.subarray(this.#n.length,this.#t[e-1]??this.#n.length)}#r(e,o){if(this.#e.length-o<e.length*3){let s=new Uint8Array(2*(this.#e.length+e.length*3));s.set(this.#e),this.#e=s}let r=this.#e.subarray(o);return o+Ge.encodeInto(e,r).written}};;var v=1<<18,Ve=16384,Xe=1<<25,Qe=Math.floor(v/3),Ze=new TextEncoder,N=class{#o;#n=new Uint8Array(v);#e=0;#t="";#r=new Map;#s=0;constructor(e){this.#o=e}text(e){this.#t+=e,this.#t.length>=Ve&&this.#i()}ids(e,o,r){this.#s>Xe&&this.#d();let s=this.#r.get(r)??new Map,i=s.get(e)??new I(e,r);this.#r.set(r,s.set(e,i)),this.#s-=i.size,this.#c(i.first(o)),this.#s+=i.size}end(){this.#i(),this.#a()}#d(){this.#r.clear(),this.#s=0}#c(e){this.#i(),e.length>v-this.#e&&this.#a(),e.length>v?this.#o(e):(this.#n.set(e,this.#e),this.#e+=e.length)}#i(){let e=this.#t;this.#t="";for(let o=0;o<e.length;){let r=et(e,o),s=e.slice(o,r);3*s.length>v-this.#e&&this.#a();let c=this.#n.subarray(this.#e);this.#e+=Ze.encodeInto(s,c).written,o=r}}#a(){this.#e>0&&this.#o(this.#n.subarray(0,this.#e)),this.#e=0}};;var tt=new Set(["recording_complete","responses_item_id","accepted_at_unix_ms","accepted_seq","content_sha256","started_code_cell_id"]),nt={1:tt,2:new Set};;var L=50,ot=64*1024;;;;;;;;;var ve=`Usage: rollout-trace reduce BUNDLE [-o FILE|-] [--tolerant] [--diagnostics FILE] [--verbose]

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
--tolerant skipped.`,Se={switches:["tolerant","verbose","help"],values:["output","diagnostics"],lists:["limit"],short:{o:"output",t:"tolerant",h:"help"},paths:["output","diagnostics"]},Ce={usage:ve,flags:Se,run:ct};;;;;;;;;var w=()=>import("./answering.js"),M=[{name:"reduce",summary:"Reduce a trace bundle to state.json",load:()=>Promise.resolve(Ce)},{name:"check",summary:"Tell how a trace bundle is, and whether it can be reduced",load:async()=>(await w()).checkCommand},{name:"show",summary:"Show a session on one screen, and what went wrong first",load:async()=>(await w()).showCommand},{name:"timeline",summary:"Tell what happened, in order, and what went wrong",load:async()=>(await w()).timelineCommand},{name:"transcript",summary:"Tell what the model saw: a thread, or the input of one request",load:async()=>(await w()).transcriptCommand},{name:"context",summary:"Tell what a prompt was made of, by source, and how prompts grew",load:async()=>(await w()).contextCommand},{name:"explain",summary:"Explain one object: where it comes from, where it leads",load:async()=>(await w()).explainCommand},{name:"payload",summary:"Show the evidence itself, laid out or byte for byte",load:async()=>(await w()).payloadCommand},{name:"diff",summary:"Compare two requests, or two sessions",load:async()=>(await w()).diffCommand},{name:"search",summary:"Find a text: what holds it, and what stands around it",load:async()=>(await w()).searchCommand},{name:"stats",summary:"Count calls, tokens, latencies, failures, time and cost",load:async()=>(await w()).statsCommand},{name:"list",summary:"List the bundles below a folder, the newest first",load:async()=>(await w()).listCommand},{name:"report",summary:"Write one page that explains a session",load:async()=>(await w()).reportCommand},{name:"completions",summary:"Print what a shell needs to complete command lines",load:async()=>(await w()).completionsCommand(M)}];var wt=["help","--help","--version"];;;;;;;var gt=["help","--help","-h"],xt=["--version","-V"];;;;export{Nn as runProgram};
