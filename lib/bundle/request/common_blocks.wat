;; How many of the bytes at two places are the same, in blocks of 64, up to the first block that
;; differs. `deno task wasm` puts it into common_blocks.ts.
(module
  (import "bundle" "memory" (memory 0))
  (func (export "commonBlocks")
    (param $a i32) (param $b i32) (param $limit i32) (result i32)
    (local $same i32) (local $x i32) (local $y i32)
    (local.set $limit (i32.and (local.get $limit) (i32.const -64)))
    (block $end
      (loop $next
        (br_if $end (i32.ge_u (local.get $same) (local.get $limit)))
        (local.set $x (i32.add (local.get $a) (local.get $same)))
        (local.set $y (i32.add (local.get $b) (local.get $same)))
        (br_if $end
          (v128.any_true
            (v128.or
              (v128.or
                (v128.xor
                  (v128.load align=1 (local.get $x))
                  (v128.load align=1 (local.get $y)))
                (v128.xor
                  (v128.load offset=16 align=1 (local.get $x))
                  (v128.load offset=16 align=1 (local.get $y))))
              (v128.or
                (v128.xor
                  (v128.load offset=32 align=1 (local.get $x))
                  (v128.load offset=32 align=1 (local.get $y)))
                (v128.xor
                  (v128.load offset=48 align=1 (local.get $x))
                  (v128.load offset=48 align=1 (local.get $y)))))))
        (local.set $same (i32.add (local.get $same) (i32.const 64)))
        (br $next)))
    (local.get $same)))
