// The directives of Debian's nginx 1.22.1 that the modules here give a meaning or speak of: where each may stand and how
// many arguments it takes. The rest is in directive-grammar-rest.ts.
// Source: the ngx_command_t tables of src/core, src/event and src/http, release 1.22.1.
//
// One line for each place and argument count: contexts, counts, names. Contexts: M main, E events, H http, S server,
// L location, s if in server, l if in location, e limit_except, U upstream. Counts: each digit is a count that is
// allowed, `2+` at least two, `flag` on or off, `{` opens a block.
export const DIRECTIVE_GRAMMAR = `
M 1 pid worker_processes debug_points worker_shutdown_timeout env
M 12 user
M 1+ worker_cpu_affinity error_log
HSL 1+ error_log resolver gzip_proxied gzip_disable
H 0{ server
HS 1 connection_pool_size request_pool_size client_header_timeout client_header_buffer_size
HS 2 large_client_header_buffers
HS flag ignore_invalid_headers merge_slashes underscores_in_headers
SL 12{ location
S 1+ listen server_name
HSL 1 default_type client_max_body_size client_body_buffer_size client_body_timeout client_body_in_file_only aio
HSL 1 directio send_timeout keepalive_time keepalive_requests satisfy lingering_close lingering_time lingering_timeout
HSL 1 server_tokens if_modified_since max_ranges open_file_cache_valid open_file_cache_min_uses resolver_timeout
HSL 1 gzip_http_version
HSL 0{ types
HSLl 1 root limit_rate
L 1 alias
L 1+{ limit_except
HSL flag reset_timedout_connection absolute_redirect server_name_in_redirect port_in_redirect msie_padding
HSL flag log_not_found log_subrequest recursive_error_pages chunked_transfer_encoding etag open_file_cache_errors
HSL flag gzip_vary
HSL 12 keepalive_timeout keepalive_disable open_file_cache disable_symlinks
L 0 internal
HSLl 2+ error_page
M 0{ events
E 1 worker_connections use
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
HSL 1+ gzip_types
HSL 1 gzip_comp_level gzip_min_length gzip_static
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
H 2{ map
Lle 1 proxy_pass
HSL 12 proxy_redirect proxy_cookie_domain proxy_cookie_path
HSL 1234 proxy_cookie_flags
HSL 1 proxy_connect_timeout proxy_send_timeout proxy_set_body proxy_method proxy_read_timeout proxy_cache_lock_timeout
HSL 1 proxy_http_version proxy_ssl_name
HSL flag proxy_intercept_errors proxy_ssl_server_name
HSL 2 proxy_set_header
H 2+ proxy_cache_path
HSL 1+ proxy_no_cache proxy_cache_valid
HSL 1 set_real_ip_from real_ip_header
HSL flag real_ip_recursive
SsLl 23 rewrite
SsLl 12 return
SsLl 0 break
SL 1+{ if
SsLl 2 set
HSsLl flag rewrite_log uninitialized_variable_warn
H 2{ split_clients
HS flag ssl ssl_session_tickets ssl_stapling ssl_reject_handshake
HS 1 ssl_certificate ssl_certificate_key ssl_ecdh_curve ssl_verify_client ssl_session_timeout
HS 1+ ssl_protocols
HS 12 ssl_session_cache
SL 01 stub_status
SL 2+ try_files
HSL 1 userid
Ll 1 uwsgi_pass
HSL 1 uwsgi_modifier1 uwsgi_modifier2
H 2+ uwsgi_cache_path
HSL 23 uwsgi_param
M 0{ http
HS 1 http2_max_concurrent_streams http2_body_preread_size
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
