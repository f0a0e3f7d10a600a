;; What every test guest is wrapped in: its imports, its memory, and the export that Spin calls. The guest itself is the
;; core module that takes the place of ;;GUEST. The names and types are those of WASI 0.2.0 and Spin 2.0.0.
(component $guest
  (import "wasi:io/error@0.2.0" (instance $io-error
    (export "error" (type (sub resource)))))
  (alias export $io-error "error" (type $error))

  (import "wasi:io/poll@0.2.0" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))

  (import "wasi:io/streams@0.2.0" (instance $streams
    (alias outer $guest $error (type $error))
    (type $failure (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $failure)))
    (export "input-stream" (type $input-stream (sub resource)))
    (export "output-stream" (type $output-stream (sub resource)))
    (export "[method]input-stream.blocking-read" (func
      (param "self" (borrow $input-stream)) (param "len" u64)
      (result (result (list u8) (error $stream-error)))))
    (export "[method]output-stream.blocking-write-and-flush" (func
      (param "self" (borrow $output-stream)) (param "contents" (list u8))
      (result (result (error $stream-error)))))))
  (alias export $streams "input-stream" (type $input-stream))
  (alias export $streams "output-stream" (type $output-stream))

  (import "wasi:cli/stderr@0.2.0" (instance $stderr
    (alias outer $guest $output-stream (type $output-stream))
    (export "get-stderr" (func (result (own $output-stream))))))

  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
    (alias outer $guest $pollable (type $pollable))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))

  (import "fermyon:spin/variables@2.0.0" (instance $variables
    (type $failure (variant
      (case "invalid-name" string) (case "undefined" string) (case "provider" string) (case "other" string)))
    (export "error" (type $error (eq $failure)))
    (export "get" (func (param "name" string) (result (result string (error $error)))))))

  (import "wasi:http/types@0.2.0" (instance $types
    (alias outer $guest $pollable (type $pollable))
    (alias outer $guest $input-stream (type $input-stream))
    (alias outer $guest $output-stream (type $output-stream))
    (type $dns (record (field "rcode" (option string)) (field "info-code" (option u16))))
    (export "DNS-error-payload" (type $dns-payload (eq $dns)))
    (type $alert (record (field "alert-id" (option u8)) (field "alert-message" (option string))))
    (export "TLS-alert-received-payload" (type $alert-payload (eq $alert)))
    (type $size (record (field "field-name" (option string)) (field "field-size" (option u32))))
    (export "field-size-payload" (type $size-payload (eq $size)))
    (type $code (variant
      (case "DNS-timeout") (case "DNS-error" $dns-payload) (case "destination-not-found")
      (case "destination-unavailable") (case "destination-IP-prohibited") (case "destination-IP-unroutable")
      (case "connection-refused") (case "connection-terminated") (case "connection-timeout")
      (case "connection-read-timeout") (case "connection-write-timeout") (case "connection-limit-reached")
      (case "TLS-protocol-error") (case "TLS-certificate-error") (case "TLS-alert-received" $alert-payload)
      (case "HTTP-request-denied") (case "HTTP-request-length-required") (case "HTTP-request-body-size" (option u64))
      (case "HTTP-request-method-invalid") (case "HTTP-request-URI-invalid") (case "HTTP-request-URI-too-long")
      (case "HTTP-request-header-section-size" (option u32))
      (case "HTTP-request-header-size" (option $size-payload))
      (case "HTTP-request-trailer-section-size" (option u32)) (case "HTTP-request-trailer-size" $size-payload)
      (case "HTTP-response-incomplete") (case "HTTP-response-header-section-size" (option u32))
      (case "HTTP-response-header-size" $size-payload) (case "HTTP-response-body-size" (option u64))
      (case "HTTP-response-trailer-section-size" (option u32)) (case "HTTP-response-trailer-size" $size-payload)
      (case "HTTP-response-transfer-coding" (option string)) (case "HTTP-response-content-coding" (option string))
      (case "HTTP-response-timeout") (case "HTTP-upgrade-failed") (case "HTTP-protocol-error") (case "loop-detected")
      (case "configuration-error") (case "internal-error" (option string))))
    (export "error-code" (type $error-code (eq $code)))
    (type $schemes (variant (case "HTTP") (case "HTTPS") (case "other" string)))
    (export "scheme" (type $scheme (eq $schemes)))
    (type $methods (variant (case "get") (case "head") (case "post") (case "put") (case "delete") (case "connect")
      (case "options") (case "trace") (case "patch") (case "other" string)))
    (export "method" (type $method (eq $methods)))
    (export "fields" (type $fields (sub resource)))
    (export "incoming-request" (type $incoming-request (sub resource)))
    (export "incoming-body" (type $incoming-body (sub resource)))
    (export "incoming-response" (type $incoming-response (sub resource)))
    (export "outgoing-body" (type $outgoing-body (sub resource)))
    (export "outgoing-request" (type $outgoing-request (sub resource)))
    (export "outgoing-response" (type $outgoing-response (sub resource)))
    (export "request-options" (type $request-options (sub resource)))
    (export "response-outparam" (type $response-outparam (sub resource)))
    (export "future-incoming-response" (type $future (sub resource)))
    (export "[constructor]fields" (func (result (own $fields))))
    (export "[constructor]outgoing-response" (func (param "headers" (own $fields)) (result (own $outgoing-response))))
    (export "[method]outgoing-response.set-status-code" (func
      (param "self" (borrow $outgoing-response)) (param "status-code" u16) (result (result))))
    (export "[static]response-outparam.set" (func
      (param "param" (own $response-outparam))
      (param "response" (result (own $outgoing-response) (error $error-code)))))
    (export "[method]incoming-request.consume" (func
      (param "self" (borrow $incoming-request)) (result (result (own $incoming-body)))))
    (export "[method]incoming-body.stream" (func
      (param "self" (borrow $incoming-body)) (result (result (own $input-stream)))))
    (export "[constructor]outgoing-request" (func (param "headers" (own $fields)) (result (own $outgoing-request))))
    (export "[method]outgoing-request.set-method" (func
      (param "self" (borrow $outgoing-request)) (param "method" $method) (result (result))))
    (export "[method]outgoing-request.body" (func
      (param "self" (borrow $outgoing-request)) (result (result (own $outgoing-body)))))
    (export "[method]outgoing-body.write" (func
      (param "self" (borrow $outgoing-body)) (result (result (own $output-stream)))))
    (export "[static]outgoing-body.finish" (func
      (param "this" (own $outgoing-body)) (param "trailers" (option (own $fields)))
      (result (result (error $error-code)))))
    (export "[method]outgoing-request.set-scheme" (func
      (param "self" (borrow $outgoing-request)) (param "scheme" (option $scheme)) (result (result))))
    (export "[method]outgoing-request.set-authority" (func
      (param "self" (borrow $outgoing-request)) (param "authority" (option string)) (result (result))))
    (export "[method]outgoing-request.set-path-with-query" (func
      (param "self" (borrow $outgoing-request)) (param "path" (option string)) (result (result))))
    (export "[method]future-incoming-response.subscribe" (func
      (param "self" (borrow $future)) (result (own $pollable))))
    (export "[method]future-incoming-response.get" (func
      (param "self" (borrow $future))
      (result (option (result (result (own $incoming-response) (error $error-code)))))))))
  (alias export $types "error-code" (type $error-code))
  (alias export $types "incoming-request" (type $incoming-request))
  (alias export $types "outgoing-request" (type $outgoing-request))
  (alias export $types "request-options" (type $request-options))
  (alias export $types "response-outparam" (type $response-outparam))
  (alias export $types "future-incoming-response" (type $future))

  (import "wasi:http/outgoing-handler@0.2.0" (instance $outgoing
    (alias outer $guest $outgoing-request (type $outgoing-request))
    (alias outer $guest $request-options (type $request-options))
    (alias outer $guest $future (type $future))
    (alias outer $guest $error-code (type $code))
    (export "error-code" (type $error-code (eq $code)))
    (export "handle" (func
      (param "request" (own $outgoing-request)) (param "options" (option (own $request-options)))
      (result (result (own $future) (error $error-code)))))))

  ;; Memory, and an allocator that never frees: an instance lives for one request.
  (core module $memory
    (memory (export "memory") 4)
    (global $next (mut i32) (i32.const 65536))
    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get $size)))
      (if (i32.gt_u (global.get $next) (i32.const 262144))
        (then ;; Begin again: what was allocated before is not read any more.
          (local.set $at (i32.const 65536))
          (global.set $next (i32.add (i32.const 65536) (local.get $size)))))
      (local.get $at)))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $mem))
  (alias core export $memory "realloc" (core func $realloc))

  (core func $block (canon lower (func $poll "[method]pollable.block")))
  (core func $read (canon lower (func $streams "[method]input-stream.blocking-read")
    (memory $mem) (realloc $realloc)))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush")
    (memory $mem) (realloc $realloc)))
  (core func $get-stderr (canon lower (func $stderr "get-stderr")))
  (core func $after (canon lower (func $clock "subscribe-duration")))
  (core func $variable (canon lower (func $variables "get") (memory $mem) (realloc $realloc)))
  (core func $fields (canon lower (func $types "[constructor]fields")))
  (core func $response (canon lower (func $types "[constructor]outgoing-response")))
  (core func $set-status (canon lower (func $types "[method]outgoing-response.set-status-code")))
  (core func $set-answer (canon lower (func $types "[static]response-outparam.set")
    (memory $mem) (realloc $realloc)))
  (core func $consume (canon lower (func $types "[method]incoming-request.consume") (memory $mem)))
  (core func $stream (canon lower (func $types "[method]incoming-body.stream") (memory $mem)))
  (core func $request (canon lower (func $types "[constructor]outgoing-request")))
  (core func $set-method (canon lower (func $types "[method]outgoing-request.set-method")
    (memory $mem) (realloc $realloc)))
  (core func $body (canon lower (func $types "[method]outgoing-request.body") (memory $mem)))
  (core func $body-stream (canon lower (func $types "[method]outgoing-body.write") (memory $mem)))
  (core func $finish (canon lower (func $types "[static]outgoing-body.finish")
    (memory $mem) (realloc $realloc)))
  (core func $drop-stream (canon resource.drop $output-stream))
  (core func $set-scheme (canon lower (func $types "[method]outgoing-request.set-scheme")
    (memory $mem) (realloc $realloc)))
  (core func $set-authority (canon lower (func $types "[method]outgoing-request.set-authority")
    (memory $mem) (realloc $realloc)))
  (core func $set-path (canon lower (func $types "[method]outgoing-request.set-path-with-query")
    (memory $mem) (realloc $realloc)))
  (core func $subscribe (canon lower (func $types "[method]future-incoming-response.subscribe")))
  (core func $get (canon lower (func $types "[method]future-incoming-response.get")
    (memory $mem) (realloc $realloc)))
  (core func $send (canon lower (func $outgoing "handle") (memory $mem) (realloc $realloc)))

  ;;GUEST

  (core instance $main (instantiate $main
    (with "memory" (instance $memory))
    (with "host" (instance
      (export "block" (func $block))
      (export "read" (func $read))
      (export "write" (func $write))
      (export "get-stderr" (func $get-stderr))
      (export "after" (func $after))
      (export "variable" (func $variable))
      (export "fields" (func $fields))
      (export "response" (func $response))
      (export "set-status" (func $set-status))
      (export "set-answer" (func $set-answer))
      (export "consume" (func $consume))
      (export "stream" (func $stream))
      (export "request" (func $request))
      (export "set-method" (func $set-method))
      (export "body" (func $body))
      (export "body-stream" (func $body-stream))
      (export "finish" (func $finish))
      (export "drop-stream" (func $drop-stream))
      (export "set-scheme" (func $set-scheme))
      (export "set-authority" (func $set-authority))
      (export "set-path" (func $set-path))
      (export "subscribe" (func $subscribe))
      (export "get" (func $get))
      (export "send" (func $send))))))
  (func $handle (param "request" (own $incoming-request)) (param "response-out" (own $response-outparam))
    (canon lift (core func $main "handle")))
  (instance $handler (export "handle" (func $handle)))
  (export "wasi:http/incoming-handler@0.2.0" (instance $handler)))
