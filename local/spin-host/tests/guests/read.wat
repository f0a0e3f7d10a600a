;; Reads the whole body and answers 200, also where reading fails.
(core module $main
  (import "memory" "memory" (memory 1))
  (import "host" "consume" (func $consume (param i32 i32)))
  (import "host" "stream" (func $stream (param i32 i32)))
  (import "host" "read" (func $read (param i32 i64 i32)))
  (import "host" "fields" (func $fields (result i32)))
  (import "host" "response" (func $response (param i32) (result i32)))
  (import "host" "set-answer" (func $set-answer (param i32 i32 i32 i32 i64 i32 i32 i32 i32)))
  (func (export "handle") (param $request i32) (param $answer i32)
    (call $consume (local.get $request) (i32.const 64))
    (call $stream (i32.load (i32.const 68)) (i32.const 64))
    (local.set $request (i32.load (i32.const 68)))
    (loop $more
      (call $read (local.get $request) (i64.const 4096) (i32.const 64))
      (br_if $more (i32.eqz (i32.load8_u (i32.const 64)))))
    (call $set-answer (local.get $answer) (i32.const 0) (call $response (call $fields))
      (i32.const 0) (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))))
