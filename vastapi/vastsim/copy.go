package vastsim

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// copyDirect is PUT /commands/copy_direct/ and /commands/rsync/. Between two
// instances the service does the work; towards a local path the answer says
// where rsync finds the other end.
func (w *World) copyDirect(q *request) answer {
	src, dst := q.body.str("src_id"), q.body.str("dst_id")
	srcPath, dstPath := q.body.str("src_path"), q.body.str("dst_path")
	local := func(id string) bool { return id == "" || id == "local" }
	switch {
	case local(src) && local(dst):
		return fail(400, "invalid_args", "One side of a copy must be an instance or a volume.")
	case dstPath == "/" || dstPath == "/root" || dstPath == "/root/":
		return fail(400, "invalid_args", "Copying to / or /root breaks the instance.")
	case (local(src) || local(dst)) && (strings.HasPrefix(src, "V.") || strings.HasPrefix(dst, "V.")):
		return fail(400, "invalid_args", "Volumes cannot be copied to or from a local machine.")
	case srcPath == "" || dstPath == "":
		return fail(400, "invalid_args", "src_path and dst_path are required.")
	}
	more := map[string]any{"msg": "Remote to Remote copy initiated - check instance status bar for progress updates (~30 seconds delayed)."}
	for side, id := range map[string]string{"src": src, "dst": dst} {
		if local(id) {
			continue
		}
		m, found := w.copyEnd(id)
		if !found {
			return fail(404, "no_such_instance", "No such "+side+"_id: "+id)
		}
		if m != nil && (local(src) || local(dst)) {
			more[side+"_addr"], more[side+"_port"] = m.ip, 5000+m.idx%900
		}
	}
	if !local(src) && !local(dst) {
		w.copyInto(dst)
	}
	return ok(more)
}

// copyInto has an instance tell how far a copy into it is, as late as the service
// does. The words are the simulator's own.
func (w *World) copyInto(id string) {
	in := w.copiedTo(id)
	if in == nil {
		return
	}
	in.copies++
	this := in.copies
	for part := 1; part <= 4; part++ {
		said := fmt.Sprintf("copying: %d%%", 25*part)
		if part == 4 {
			said = "copy finished"
		}
		w.then(in, time.Duration(part)*30*time.Second, func(in *instance) {
			if in.copies == this {
				in.msg = said
			}
		})
	}
	w.settle(in)
}

// copiedTo is the instance that an id of a copy names, nil when it names none.
func (w *World) copiedTo(id string) *instance {
	if kind, n, ok := copyID(id); ok && kind == "C" {
		return w.instances[n]
	}
	return nil
}

// copyID takes an id like 12345, C.12345, V.9 or s3.101 apart.
func copyID(id string) (kind string, n int64, ok bool) {
	kind, rest, dotted := strings.Cut(id, ".")
	if !dotted {
		kind, rest = "C", id
	}
	n, err := strconv.ParseInt(rest, 10, 64)
	return kind, n, err == nil
}

// copyEnd finds the machine of an id of a copy. Cloud connections have none.
func (w *World) copyEnd(id string) (*machine, bool) {
	kind, n, ok := copyID(id)
	if !ok {
		return nil, false
	}
	switch kind {
	case "C":
		if in := w.copiedTo(id); in != nil {
			return in.m, true
		}
		return nil, false
	case "V":
		for _, v := range w.volumes {
			if v.id == n {
				return v.m, true
			}
		}
		return nil, false
	}
	return nil, true
}

func (w *World) cancelCopy(q *request) answer {
	if _, found := w.copyEnd(q.body.str("dst_id")); !found {
		return fail(404, "no_such_instance", "No such dst_id.")
	}
	if in := w.copiedTo(q.body.str("dst_id")); in != nil {
		in.copies++
		in.msg = "copy canceled"
	}
	return ok(map[string]any{"msg": "Remote copy canceled"})
}
