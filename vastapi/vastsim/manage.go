package vastsim

import (
	"fmt"
	"strconv"
)

// noInstance is the answer about an id that is not there.
func noInstance(code string) answer { return fail(404, code, "Instance with that ID does not exist.") }

// target finds the live instance a route is about.
func (w *World) target(q *request) (*instance, bool) {
	id, valid := q.id()
	if !valid {
		return nil, false
	}
	in := w.instances[id]
	return in, in != nil
}

// manage is PUT /instances/{id}/: start, stop or label.
func (w *World) manage(q *request) answer {
	in, found := w.target(q)
	if !found {
		return noInstance("no_such_instance")
	}
	state, hasState := q.body["state"]
	label, hasLabel := q.body["label"]
	switch {
	case hasState:
		a := w.changeState(in, state)
		w.settle(in)
		return a
	case hasLabel:
		return w.relabel(in, label)
	}
	return fail(400, "invalid_args", "Must provide state or label.")
}

func (w *World) changeState(in *instance, state any) answer {
	switch state {
	case "stopped":
		w.stop(in)
		return ok(nil)
	case "running":
		if w.credit() <= 0 {
			return fail(400, "insufficient_credit", "error 400/2981: Insufficient credit: add credit to start instances.")
		}
		if in.expired {
			return fail(400, "invalid_args", "error 400/2984: The contract has expired and cannot be started again.")
		}
		if !w.begin(in) {
			return reply(200, map[string]any{
				"success": false, "error": "resources_unavailable",
				"msg": "Required resources are currently unavailable, state change queued.",
			})
		}
		return ok(nil)
	}
	return fail(400, "invalid_args", fmt.Sprintf("error 400/2977: Invalid args: invalid state: %v", state))
}

func (w *World) relabel(in *instance, label any) answer {
	switch s := label.(type) {
	case nil:
		in.label = nil
	case string:
		if len([]rune(s)) > 1024 {
			return fail(400, "label_too_long", "label must be at most 1024 characters")
		}
		in.label = nil
		if s != "" {
			in.label = ptr(rawText(s))
		}
	default:
		return fail(400, "invalid_args", "label must be a string")
	}
	return ok(map[string]any{"msg": "Updated label successfully"})
}

// ids reads a list of ids from a body.
func (b body) ids(key string) []int64 {
	list, _ := b[key].([]any)
	var out []int64
	for _, x := range list {
		switch v := x.(type) {
		case float64:
			out = append(out, int64(v))
		case string:
			if n, err := strconv.ParseInt(v, 10, 64); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}

// manageMany is PUT /instances/: start or stop several.
func (w *World) manageMany(q *request) answer {
	ids := q.body.ids("ids")
	if len(ids) == 0 {
		return fail(400, "invalid_args", "Must provide ids.")
	}
	var last answer
	for _, id := range ids {
		in := w.instances[id]
		if in == nil {
			return noInstance("no_such_instance")
		}
		last = w.changeState(in, q.body["state"])
		w.settle(in)
	}
	return last
}

func (w *World) destroy(q *request) answer {
	in, found := w.target(q)
	if !found {
		return noInstance("no_such_instance")
	}
	w.remove(in)
	return ok(map[string]any{"msg": "Instance destroyed successfully"})
}

// destroyMany is DELETE /instances/, whose list has another name than the one
// of start and stop.
func (w *World) destroyMany(q *request) answer {
	ids := q.body.ids("instance_ids")
	if len(ids) == 0 {
		return fail(400, "invalid_args", "Must provide instance_ids.")
	}
	for _, id := range ids {
		if in := w.instances[id]; in != nil {
			w.remove(in)
		}
	}
	return ok(nil)
}

// restart is reboot and recycle, which need a container that runs.
func restart(do func(*World, *instance)) func(*World, *request) answer {
	return func(w *World, q *request) answer {
		in, found := w.target(q)
		if !found {
			return noInstance("no_such_instance")
		}
		if in.holds {
			do(w, in)
			w.settle(in)
		}
		return ok(nil)
	}
}
