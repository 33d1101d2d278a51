// Every directive that Debian's nginx 1.22.1 knows: where it may stand and how many arguments it takes.
// Modules give meaning to some of them with rows of their own; the rest is known but not simulated.
// Source: the ngx_command_t tables of src/core, src/event and src/http, release 1.22.1.
//
// One line for each place and argument count: contexts, counts, names. Contexts: M main, E events, H http, S server,
// L location, s if in server, l if in location, e limit_except, U upstream. Counts: each digit is a count that is
// allowed, `2+` at least two, `flag` on or off, `{` opens a block.
export const DIRECTIVE_GRAMMAR = `
M flag daemon master_process
M 1 timer_resolution pid lock_file worker_processes debug_points worker_priority worker_rlimit_nofile
M 1 worker_rlimit_core worker_shutdown_timeout working_directory env load_module
M 12 user
M 1+ worker_cpu_affinity
M 1+ error_log
HSL 1+ error_log resolver gzip_proxied gzip_disable
E 1 worker_aio_requests
H 1 variables_hash_max_size variables_hash_bucket_size server_names_hash_max_size server_names_hash_bucket_size
H 0{ server
HS 1 connection_pool_size request_pool_size client_header_timeout client_header_buffer_size
HS 2 large_client_header_buffers
HS flag ignore_invalid_headers merge_slashes underscores_in_headers
SL 12{ location
S 1+ listen server_name
HSL 1 types_hash_max_size types_hash_bucket_size default_type client_max_body_size client_body_buffer_size
HSL 1 client_body_timeout client_body_in_file_only sendfile_max_chunk subrequest_output_buffer_size aio
HSL 1 read_ahead directio directio_alignment send_timeout send_lowat postpone_output keepalive_time
HSL 1 keepalive_requests satisfy auth_delay lingering_close lingering_time lingering_timeout server_tokens
HSL 1 if_modified_since max_ranges open_file_cache_valid open_file_cache_min_uses resolver_timeout
HSL 1 gzip_http_version
HSL 0{ types
HSLl 1 root limit_rate limit_rate_after post_action
L 1 alias
L 1+{ limit_except
HSL 1234 client_body_temp_path
HSL flag client_body_in_single_buffer aio_write tcp_nopush tcp_nodelay reset_timedout_connection
HSL flag absolute_redirect server_name_in_redirect port_in_redirect msie_padding msie_refresh log_not_found
HSL flag log_subrequest recursive_error_pages chunked_transfer_encoding etag open_file_cache_errors
HSL flag open_file_cache_events gzip_vary
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
HSLe 1 allow deny
HSL 1 add_before_body add_after_body
HSL 1+ addition_types
HSLe 1 auth_basic auth_basic_user_file
HSL 1 auth_request
HSL 2 auth_request_set
HSL flag autoindex autoindex_localtime autoindex_exact_size
HSL 1 autoindex_format
HSL 12 modern_browser
HSL 1+ ancient_browser
HSL 1 modern_browser_value ancient_browser_value
HSLl 1 charset source_charset
HSLl flag override_charset
HSL 1+ charset_types
H 2{ charset_map
HSL 1+ dav_methods
HSL flag create_full_put_path
HSL 1 min_delete_depth
HSL 123 dav_access
L 0 empty_gif
Ll 1 fastcgi_pass
HSL 1 fastcgi_index fastcgi_split_path_info fastcgi_store fastcgi_connect_timeout fastcgi_send_timeout
HSL 1 fastcgi_send_lowat fastcgi_buffer_size fastcgi_read_timeout fastcgi_busy_buffers_size fastcgi_limit_rate
HSL 1 fastcgi_cache fastcgi_cache_key fastcgi_cache_min_uses fastcgi_cache_max_range_offset
HSL 1 fastcgi_cache_lock_timeout fastcgi_cache_lock_age fastcgi_max_temp_file_size fastcgi_temp_file_write_size
HSL 1 fastcgi_next_upstream_tries fastcgi_next_upstream_timeout fastcgi_pass_header fastcgi_hide_header
HSL 1 fastcgi_catch_stderr
HSL 123 fastcgi_store_access
HSL flag fastcgi_buffering fastcgi_request_buffering fastcgi_ignore_client_abort fastcgi_socket_keepalive
HSL flag fastcgi_pass_request_headers fastcgi_pass_request_body fastcgi_intercept_errors fastcgi_force_ranges
HSL flag fastcgi_cache_lock fastcgi_cache_revalidate fastcgi_cache_background_update fastcgi_keep_conn
HSL 12 fastcgi_bind
HSL 2 fastcgi_buffers
H 2+ fastcgi_cache_path
HSL 1+ fastcgi_cache_bypass fastcgi_no_cache fastcgi_cache_valid fastcgi_cache_use_stale fastcgi_cache_methods
HSL 1+ fastcgi_next_upstream fastcgi_ignore_headers
HSL 1234 fastcgi_temp_path
HSL 23 fastcgi_param
L 0 flv
H 12{ geo
Ll 1 grpc_pass
HSL 12 grpc_bind
HSL flag grpc_socket_keepalive grpc_intercept_errors grpc_ssl_session_reuse grpc_ssl_server_name grpc_ssl_verify
HSL 1 grpc_connect_timeout grpc_send_timeout grpc_buffer_size grpc_read_timeout grpc_next_upstream_tries
HSL 1 grpc_next_upstream_timeout grpc_pass_header grpc_hide_header grpc_ssl_ciphers grpc_ssl_name
HSL 1 grpc_ssl_verify_depth grpc_ssl_trusted_certificate grpc_ssl_crl grpc_ssl_certificate
HSL 1 grpc_ssl_certificate_key grpc_ssl_password_file
HSL 1+ grpc_next_upstream grpc_ignore_headers grpc_ssl_protocols
HSL 2 grpc_set_header grpc_ssl_conf_command
HSL flag gunzip
HSL 2 gunzip_buffers
HSLl flag gzip
HSL 2 gzip_buffers
HSL 1+ gzip_types
HSL 1 gzip_comp_level gzip_window gzip_hash postpone_gzipping gzip_min_length
HSL flag gzip_no_buffer
HSL 1 gzip_static
HSLl 12 expires
HSLl 23 add_header add_trailer
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
Ll 1 memcached_pass
HSL 12 memcached_bind
HSL flag memcached_socket_keepalive
HSL 1 memcached_connect_timeout memcached_send_timeout memcached_buffer_size memcached_read_timeout
HSL 1 memcached_next_upstream_tries memcached_next_upstream_timeout memcached_gzip_flag
HSL 1+ memcached_next_upstream
HSL 1 mirror
HSL flag mirror_request_body
L 0 mp4
HSL 1 mp4_buffer_size mp4_max_buffer_size
HSL flag mp4_start_key_frame
Lle 1 proxy_pass
HSL 12 proxy_redirect proxy_cookie_domain proxy_cookie_path proxy_bind
HSL 1234 proxy_cookie_flags proxy_temp_path
HSL 1 proxy_store proxy_connect_timeout proxy_send_timeout proxy_send_lowat proxy_headers_hash_max_size
HSL 1 proxy_headers_hash_bucket_size proxy_set_body proxy_method proxy_buffer_size proxy_read_timeout
HSL 1 proxy_busy_buffers_size proxy_limit_rate proxy_cache proxy_cache_key proxy_cache_min_uses
HSL 1 proxy_cache_max_range_offset proxy_cache_lock_timeout proxy_cache_lock_age proxy_max_temp_file_size
HSL 1 proxy_temp_file_write_size proxy_next_upstream_tries proxy_next_upstream_timeout proxy_pass_header
HSL 1 proxy_hide_header proxy_http_version proxy_ssl_ciphers proxy_ssl_name proxy_ssl_verify_depth
HSL 1 proxy_ssl_trusted_certificate proxy_ssl_crl proxy_ssl_certificate proxy_ssl_certificate_key
HSL 1 proxy_ssl_password_file
HSL 123 proxy_store_access
HSL flag proxy_buffering proxy_request_buffering proxy_ignore_client_abort proxy_socket_keepalive
HSL flag proxy_intercept_errors proxy_pass_request_headers proxy_pass_request_body proxy_force_ranges
HSL flag proxy_cache_lock proxy_cache_revalidate proxy_cache_convert_head proxy_cache_background_update
HSL flag proxy_ssl_session_reuse proxy_ssl_server_name proxy_ssl_verify
HSL 2 proxy_set_header proxy_buffers proxy_ssl_conf_command
H 2+ proxy_cache_path
HSL 1+ proxy_cache_bypass proxy_no_cache proxy_cache_valid proxy_cache_use_stale proxy_cache_methods
HSL 1+ proxy_next_upstream proxy_ignore_headers proxy_ssl_protocols
L flag random_index
HSL 1 set_real_ip_from real_ip_header
HSL flag real_ip_recursive
SL 1+ valid_referers
SL 1 referer_hash_max_size referer_hash_bucket_size
SsLl 23 rewrite
SsLl 12 return
SsLl 0 break
SL 1+{ if
SsLl 2 set
HSsLl flag rewrite_log uninitialized_variable_warn
Ll 1 scgi_pass
HSL 1 scgi_store scgi_connect_timeout scgi_send_timeout scgi_buffer_size scgi_read_timeout
HSL 1 scgi_busy_buffers_size scgi_limit_rate scgi_cache scgi_cache_key scgi_cache_min_uses
HSL 1 scgi_cache_max_range_offset scgi_cache_lock_timeout scgi_cache_lock_age scgi_max_temp_file_size
HSL 1 scgi_temp_file_write_size scgi_next_upstream_tries scgi_next_upstream_timeout scgi_pass_header
HSL 1 scgi_hide_header
HSL 123 scgi_store_access
HSL flag scgi_buffering scgi_request_buffering scgi_ignore_client_abort scgi_socket_keepalive
HSL flag scgi_pass_request_headers scgi_pass_request_body scgi_intercept_errors scgi_force_ranges
HSL flag scgi_cache_lock scgi_cache_revalidate scgi_cache_background_update
HSL 12 scgi_bind
HSL 2 scgi_buffers
H 2+ scgi_cache_path
HSL 1+ scgi_cache_bypass scgi_no_cache scgi_cache_valid scgi_cache_use_stale scgi_cache_methods
HSL 1+ scgi_next_upstream scgi_ignore_headers
HSL 1234 scgi_temp_path
HSL 23 scgi_param
HSL 1 secure_link secure_link_md5 secure_link_secret
HSL 1 slice
H 2{ split_clients
HSLl flag ssi
HSL flag ssi_silent_errors ssi_ignore_recycled_buffers ssi_last_modified
HSL 1 ssi_min_file_chunk ssi_value_length
HSL 1+ ssi_types
HS flag ssl ssl_prefer_server_ciphers ssl_session_tickets ssl_ocsp ssl_stapling ssl_stapling_verify
HS flag ssl_early_data ssl_reject_handshake
HS 1 ssl_certificate ssl_certificate_key ssl_password_file ssl_dhparam ssl_ecdh_curve ssl_ciphers
HS 1 ssl_buffer_size ssl_verify_client ssl_verify_depth ssl_client_certificate ssl_trusted_certificate
HS 1 ssl_session_ticket_key ssl_session_timeout ssl_crl ssl_ocsp_responder ssl_ocsp_cache ssl_stapling_file
HS 1 ssl_stapling_responder
HS 1+ ssl_protocols
HS 12 ssl_session_cache
HS 2 ssl_conf_command
SL 01 stub_status
HSL 2 sub_filter
HSL 1+ sub_filter_types
HSL flag sub_filter_once sub_filter_last_modified
SL 2+ try_files
HSL 1 userid userid_service userid_name userid_domain userid_path userid_expires userid_p3p userid_mark
HSL 123 userid_flags
Ll 1 uwsgi_pass
HSL 1 uwsgi_modifier1 uwsgi_modifier2 uwsgi_store uwsgi_connect_timeout uwsgi_send_timeout uwsgi_buffer_size
HSL 1 uwsgi_read_timeout uwsgi_busy_buffers_size uwsgi_limit_rate uwsgi_cache uwsgi_cache_key
HSL 1 uwsgi_cache_min_uses uwsgi_cache_max_range_offset uwsgi_cache_lock_timeout uwsgi_cache_lock_age
HSL 1 uwsgi_cache_background_update uwsgi_max_temp_file_size uwsgi_temp_file_write_size
HSL 1 uwsgi_next_upstream_tries uwsgi_next_upstream_timeout uwsgi_string uwsgi_pass_header uwsgi_hide_header
HSL 1 uwsgi_ssl_ciphers uwsgi_ssl_name uwsgi_ssl_verify_depth uwsgi_ssl_trusted_certificate uwsgi_ssl_crl
HSL 1 uwsgi_ssl_certificate uwsgi_ssl_certificate_key uwsgi_ssl_password_file
HSL 123 uwsgi_store_access
HSL flag uwsgi_buffering uwsgi_request_buffering uwsgi_ignore_client_abort uwsgi_socket_keepalive
HSL flag uwsgi_pass_request_headers uwsgi_pass_request_body uwsgi_intercept_errors uwsgi_force_ranges
HSL flag uwsgi_cache_lock uwsgi_cache_revalidate uwsgi_ssl_session_reuse uwsgi_ssl_server_name uwsgi_ssl_verify
HSL 12 uwsgi_bind
HSL 2 uwsgi_buffers uwsgi_ssl_conf_command
H 2+ uwsgi_cache_path
HSL 1+ uwsgi_cache_bypass uwsgi_no_cache uwsgi_cache_valid uwsgi_cache_use_stale uwsgi_cache_methods
HSL 1+ uwsgi_next_upstream uwsgi_ignore_headers uwsgi_ssl_protocols
HSL 1234 uwsgi_temp_path
HSL 23 uwsgi_param
M 0{ http
HSL 2 output_buffers
H 1 http2_recv_buffer_size
HS 1 http2_pool_size http2_max_concurrent_streams http2_max_concurrent_pushes http2_max_requests
HS 1 http2_max_field_size http2_max_header_size http2_body_preread_size http2_streams_index_size
HS 1 http2_recv_timeout http2_idle_timeout
HSL 1 http2_chunk_size http2_push
HSL flag http2_push_preload
H 1{ upstream
U 1+ server
U 0 ip_hash
U 12 hash
U 0 least_conn
U 012 random
U 12 zone
U 1 keepalive keepalive_time keepalive_timeout keepalive_requests
`;
