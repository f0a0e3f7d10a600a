;; Returns without an answer.
(core module $main
  (func (export "handle") (param $request i32) (param $answer i32)))
