/**
 * The words of the format: names of members and of variants in manifests, events and payloads. A copy
 * in which one of them is replaced cannot be read.
 *
 * @module
 */

/** The words, sorted. */
export const FORMAT_WORDS: readonly string[] =
  `aborted action additional_tools agent_message agent_message_payload
  agent_name agent_nickname agent_path agent_result agent_result_observed
  agent_role agent_status agent_statuses agent_thread_id agents
  aggregated_output apply_patch approval_policy approvals_reviewer arguments
  assign_agent_task assistant author auto_approved cache_write_input_tokens
  cached_input_tokens call_id cancelled capture carried_payload cell_id
  changes channel checkpoint_payload child_agent_path child_codex_turn_id
  child_thread_id client_metadata close_agent code_cell code_cell_ended
  code_cell_initial_response code_cell_started code_cell_wait_target_resolved
  code_mode_response code_mode_runtime_tool_id codex_error_info
  codex_turn_ended codex_turn_id codex_turn_started collaboration_mode_kind
  command commentary compaction compaction_checkpoint compaction_id
  compaction_installed compaction_request compaction_request_completed
  compaction_request_failed compaction_request_id compaction_request_started
  compaction_response compaction_trigger completed completed_at
  completed_at_ms content content_item_kinds content_item_metadata
  content_items content_value context create_time custom custom_tool_call
  custom_tool_call_output cwd detail developer direct_response duration_ms
  edge_id effort encrypted_content error error_text event_id event_payload
  event_type exec_command exec_tool_call_id execution exit_code failed
  final_answer find_in_page formatted_output function function_call
  function_call_output history_entry_count history_item_accepted
  history_log_id id image_generation image_url include inference_call_id
  inference_cancelled inference_completed inference_failed inference_request
  inference_response inference_started initiating_agent_path input
  input_history input_image input_preview input_text input_tokens instructions
  interacted internal_chat_message_metadata_passthrough interrupted invocation
  invocation_payload item_id kind label last_agent_message mcp mcp_call_id
  mcp_tool_call_correlation_assigned message metadata_payload model
  model_context_window model_item model_provider_id model_visible_call_id
  move_path name namespace new_thread_id nickname occurred_at_ms omitted
  open_page original_bytes original_token_count output output_items
  output_preview output_text output_tokens parallel_tool_calls
  parent_thread_id parent_turn_id parsed_cmd partial_response_payload parts
  path payload payloads_dir pending_init permission_profile phase
  prepared_prompt prepared_prompt_payload previous_response_id process_id
  prompt_cache_key protocol_event protocol_event_observed provider_name
  raw_arguments raw_event_log raw_payload_id reason reasoning reasoning_effort
  reasoning_output_tokens reasoning_text receiver_agents receiver_thread_id
  receiver_thread_ids recipient recording_completed replacement_history
  request_payload requester response response_id response_item
  response_payload result result_payload retained_bytes role rollout_ended
  rollout_id rollout_path rollout_started root_thread_id root_turn_id
  runtime_cell_id runtime_payload sandbox_policy schema_version search seconds
  send_message sender_thread_id seq server session_configured session_id
  session_metadata session_source shard shutdown_complete source source_js
  spawn_agent started started_at started_at_ms started_at_unix_ms status
  statuses stderr stdin_target_resolved stdout stored_values
  stripped_tool_output_ids subagent success summary summary_text task_complete
  task_name task_started terminated text thread_ended thread_id thread_resumed
  thread_source thread_spawn thread_started time_to_first_token_ms token_usage
  tool tool_call_ended tool_call_id tool_call_runtime_ended
  tool_call_runtime_started tool_call_started tool_choice tool_invocation
  tool_name tool_namespace tool_output_payload tool_result tool_runtime_event
  tool_search tool_search_call tool_search_output tools total_tokens trace_id
  truncated turn_aborted turn_attribution turn_id turn_trigger type
  unified_diff unknown upstream_request_id user value wait_agent
  wall_time_seconds wall_time_unix_ms warmup_context warmup_context_payload
  web_search_call write_stdin yielded`.split(/\s+/);

const WORDS: ReadonlySet<string> = new Set(FORMAT_WORDS);

/** Whether a text is a word of the format. */
export function isFormatWord(text: string): boolean {
  return WORDS.has(text);
}
