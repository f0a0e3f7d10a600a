;; Prints a line and traps.
(core module $main
  (import "memory" "memory" (memory 1))
  (import "host" "get-stderr" (func $get-stderr (result i32)))
  (import "host" "write" (func $write (param i32 i32 i32 i32)))
  (data (i32.const 0) "about to trap\n")
  (func (export "handle") (param $request i32) (param $answer i32)
    (call $write (call $get-stderr) (i32.const 0) (i32.const 14) (i32.const 64))
    unreachable))
