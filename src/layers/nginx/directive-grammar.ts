// The directives of Debian's nginx 1.22.1 of which the modules here make a row, and the blocks: where each may stand
// and how many arguments it takes. The rest is in directive-grammar-rest.ts.
// Source: the ngx_command_t tables of src/core, src/event and src/http, release 1.22.1.
//
// One line for each place and argument count: contexts, counts, names. Contexts: M main, E events, H http, S server,
// L location, s if in server, l if in location, e limit_except, U upstream. Counts: each digit is a count that is
// allowed, `2+` at least two, `flag` on or off, `{` opens a block.
export const DIRECTIVE_GRAMMAR = `
M flag daemon master_process
M 1 timer_resolution pid lock_file worker_processes debug_points worker_priority worker_rlimit_nofile
M 1 worker_rlimit_core worker_shutdown_timeout working_directory env
M 12 user
M 1+ worker_cpu_affinity error_log
HSL 1+ error_log resolver gzip_proxied gzip_disable
H 1 variables_hash_max_size variables_hash_bucket_size server_names_hash_max_size server_names_hash_bucket_size
H 0{ server
HS 1 connection_pool_size request_pool_size client_header_timeout client_header_buffer_size
HS 2 large_client_header_buffers
HS flag ignore_invalid_headers merge_slashes underscores_in_headers
SL 12{ location
S 1+ listen server_name
HSL 1 types_hash_max_size types_hash_bucket_size default_type client_max_body_size client_body_buffer_size
HSL 1 client_body_timeout client_body_in_file_only sendfile_max_chunk subrequest_output_buffer_size aio read_ahead
HSL 1 directio directio_alignment send_timeout send_lowat postpone_output keepalive_time keepalive_requests satisfy
HSL 1 lingering_close lingering_time lingering_timeout server_tokens if_modified_since max_ranges
HSL 1 open_file_cache_valid open_file_cache_min_uses resolver_timeout gzip_http_version
HSL 0{ types
HSLl 1 root
L 1 alias
L 1+{ limit_except
HSL 1234 client_body_temp_path
HSL flag client_body_in_single_buffer aio_write tcp_nopush tcp_nodelay reset_timedout_connection absolute_redirect
HSL flag server_name_in_redirect port_in_redirect msie_padding msie_refresh log_not_found log_subrequest
HSL flag recursive_error_pages chunked_transfer_encoding etag open_file_cache_errors gzip_vary
HSLl flag sendfile
HSL 12 keepalive_timeout keepalive_disable open_file_cache disable_symlinks
L 0 internal
HSLl 2+ error_page
M flag pcre_jit
M 23 thread_pool
M 0{ events
E 1 worker_connections use accept_mutex_delay debug_connection
E flag multi_accept accept_mutex
M 1 ssl_engine
HSLe 1 allow deny auth_basic auth_basic_user_file
HSL 1 auth_request
HSL 2 auth_request_set
HSL flag autoindex autoindex_localtime autoindex_exact_size
HSL 1 autoindex_format
HSLl 1 charset
HSL 1+ charset_types dav_methods
L 0 empty_gif
H 12{ geo
HSLl flag gzip
HSL 2 gzip_buffers
HSL 1+ gzip_types
HSL 1 gzip_comp_level gzip_window gzip_hash postpone_gzipping gzip_min_length
HSL flag gzip_no_buffer
HSL 1 gzip_static
HSLl 12 expires
HSLl 23 add_header
HSL 1+ index
H 2 limit_conn_zone
HSL 2 limit_conn
HSL 1 limit_conn_log_level limit_conn_status
HSL flag limit_conn_dry_run
H 3 limit_req_zone
HSL 123 limit_req
HSL 1 limit_req_log_level limit_req_status
HSL flag limit_req_dry_run
H 2+ log_format
HSLle 1+ access_log
HSL 1234 open_log_file_cache
H 2{ map
H 1 map_hash_max_size map_hash_bucket_size
Lle 1 proxy_pass
HSL 12 proxy_redirect proxy_cookie_domain proxy_cookie_path
HSL 1234 proxy_cookie_flags proxy_temp_path
HSL 1 proxy_connect_timeout proxy_send_timeout proxy_send_lowat proxy_headers_hash_max_size
HSL 1 proxy_headers_hash_bucket_size proxy_set_body proxy_method proxy_buffer_size proxy_read_timeout
HSL 1 proxy_busy_buffers_size proxy_cache proxy_cache_key proxy_cache_min_uses proxy_cache_max_range_offset
HSL 1 proxy_cache_lock_timeout proxy_cache_lock_age proxy_max_temp_file_size proxy_temp_file_write_size
HSL 1 proxy_next_upstream_tries proxy_next_upstream_timeout proxy_pass_header proxy_hide_header proxy_http_version
HSL 1 proxy_ssl_ciphers proxy_ssl_name
HSL flag proxy_buffering proxy_request_buffering proxy_ignore_client_abort proxy_socket_keepalive
HSL flag proxy_intercept_errors proxy_pass_request_headers proxy_pass_request_body proxy_force_ranges proxy_cache_lock
HSL flag proxy_cache_revalidate proxy_cache_convert_head proxy_cache_background_update proxy_ssl_session_reuse
HSL flag proxy_ssl_server_name
HSL 2 proxy_set_header proxy_buffers
H 2+ proxy_cache_path
HSL 1+ proxy_cache_bypass proxy_no_cache proxy_cache_valid proxy_cache_use_stale proxy_cache_methods
HSL 1+ proxy_next_upstream proxy_ignore_headers proxy_ssl_protocols
HSL 1 set_real_ip_from real_ip_header
HSL flag real_ip_recursive
SL 1 referer_hash_max_size referer_hash_bucket_size
SsLl 23 rewrite
SsLl 12 return
SsLl 0 break
SL 1+{ if
SsLl 2 set
HSsLl flag rewrite_log uninitialized_variable_warn
H 2{ split_clients
HS flag ssl ssl_prefer_server_ciphers ssl_session_tickets ssl_stapling ssl_reject_handshake
HS 1 ssl_certificate ssl_certificate_key ssl_dhparam ssl_ecdh_curve ssl_ciphers ssl_buffer_size ssl_verify_client
HS 1 ssl_session_timeout
HS 1+ ssl_protocols
HS 12 ssl_session_cache
SL 01 stub_status
SL 2+ try_files
HSL 1 userid
Ll 1 uwsgi_pass
HSL 1 uwsgi_modifier1 uwsgi_modifier2 uwsgi_connect_timeout uwsgi_send_timeout uwsgi_buffer_size uwsgi_read_timeout
HSL 1 uwsgi_busy_buffers_size uwsgi_cache uwsgi_cache_key uwsgi_cache_min_uses uwsgi_cache_max_range_offset
HSL 1 uwsgi_cache_lock_timeout uwsgi_cache_lock_age uwsgi_cache_background_update uwsgi_max_temp_file_size
HSL 1 uwsgi_temp_file_write_size uwsgi_next_upstream_tries uwsgi_next_upstream_timeout uwsgi_pass_header
HSL 1 uwsgi_hide_header
HSL flag uwsgi_buffering uwsgi_request_buffering uwsgi_ignore_client_abort uwsgi_socket_keepalive
HSL flag uwsgi_pass_request_headers uwsgi_pass_request_body uwsgi_intercept_errors uwsgi_force_ranges uwsgi_cache_lock
HSL flag uwsgi_cache_revalidate
HSL 2 uwsgi_buffers
H 2+ uwsgi_cache_path
HSL 1+ uwsgi_cache_bypass uwsgi_no_cache uwsgi_cache_valid uwsgi_cache_use_stale uwsgi_cache_methods
HSL 1+ uwsgi_next_upstream uwsgi_ignore_headers
HSL 1234 uwsgi_temp_path
HSL 23 uwsgi_param
M 0{ http
HSL 2 output_buffers
H 1 http2_recv_buffer_size
HS 1 http2_pool_size http2_max_concurrent_streams http2_body_preread_size http2_streams_index_size
HSL 1 http2_chunk_size
H 1{ upstream
U 1+ server
U 0 ip_hash
U 12 hash
U 0 least_conn
U 012 random
U 12 zone
U 1 keepalive keepalive_time keepalive_timeout keepalive_requests
`;
