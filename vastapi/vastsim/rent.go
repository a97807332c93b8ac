package vastsim

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A terms is a checked request to rent.
type terms struct {
	image, onstart, runtype, label string
	hasLabel                       bool
	args                           []string
	env                            [][2]string
	login                          bool
	price                          *float64
	disk                           float64
	template                       *template
	stopped                        bool
	cancel                         bool
	attach                         *attachment
}

// str is a text of the body; null and absent are "".
func (b body) str(key string) string {
	s, _ := b[key].(string)
	return s
}

// num is a number of the body, given as a number or as a text.
func (b body) num(key string) (float64, bool) {
	c, err := coerce(b[key], number)
	return c.num, err == nil && c.kind == number
}

// create is PUT /asks/{id}/.
func (w *World) create(q *request) answer {
	id, valid := q.id()
	if !valid {
		return fail(400, "invalid_args", "error 400/3527: Invalid args: invalid ask id")
	}
	return w.rent(q, id)
}

// createMany is POST /asks/bulk/, the same with a list of ids.
func (w *World) createMany(q *request) answer {
	ids := q.body.ids("ids")
	if len(ids) == 0 || len(ids) > 64 {
		return fail(400, "invalid_args", "Must provide 1 to 64 ids.")
	}
	made, failed := []int64{}, []any{}
	for _, id := range ids {
		a := w.rent(q, id)
		if a.status != 200 {
			failed = append(failed, map[string]any{"ask_id": id, "status": a.status})
			continue
		}
		made = append(made, w.order[len(w.order)-1].id)
	}
	return ok(map[string]any{"new_contracts": made, "failed": failed})
}

// launchInstance is PUT /launch_instance/: search, then rent the first match.
func (w *World) launchInstance(q *request) answer {
	inner, _ := q.body["q"].(map[string]any)
	s, err := w.compileSearch(inner)
	if err != nil {
		return badQuery(err)
	}
	for _, row := range w.searchOffers(s) {
		if row.Rentable {
			return w.rent(q, row.ID)
		}
	}
	return fail(404, "no_such_ask", "No offers match.")
}

// rent checks everything before anything is committed, with one exception that
// the service makes too: a bid below the floor leaves a stopped contract.
func (w *World) rent(q *request, id int64) answer {
	t, a, bad := w.termsOf(q.body)
	if bad {
		return a
	}
	if q.late {
		w.removed[id] = true
	}
	if q.plain {
		t.price = nil
	}
	o, found := w.findOffer(id)
	if !found || !o.rentable {
		return noSuchAsk(id, t.cancel)
	}
	if a, bad := w.checkOffer(o, t); bad {
		return a
	}
	if w.credit() <= 0 {
		return fail(400, "insufficient_credit", "error 400/3580: Insufficient credit: your credit is below the minimum.")
	}
	in := w.newInstance(o, t)
	if q.caps {
		in.disk = max(8, math.Floor(in.disk/2))
	}
	w.add(in)
	if t.attach != nil {
		w.attachVolume(in, o, *t.attach)
	}
	in.keys = slices.Clone(w.keys)
	key := fmt.Sprintf("%016x%016x", w.hash(drawToken, uint64(in.id)), w.hash(drawToken, uint64(in.id), 1))
	switch {
	case in.bid && (o.minBid == 0 || *t.price < o.minBid):
		in.actual, in.intended, in.cur, in.next = "created", "stopped", "stopped", "stopped"
		in.outbid = true
		w.settle(in)
		return reply(400, map[string]any{
			"success": false, "error": "invalid_price", "new_contract": in.id, "ask_id": id,
			"msg": fmt.Sprintf("error 400/3571: bid price %g is below the minimum bid %g, instance created stopped", *t.price, o.minBid),
		})
	case t.stopped:
		in.actual, in.intended, in.cur, in.next = "created", "stopped", "stopped", "stopped"
	default:
		w.launch(in, true)
	}
	w.settle(in)
	return ok(map[string]any{"new_contract": in.id, "instance_api_key": key})
}

// noSuchAsk is the answer about an offer that is gone.
func noSuchAsk(id int64, cancel bool) answer {
	if cancel {
		return reply(410, map[string]any{
			"success": false, "error": "no_such_ask", "ask_id": id,
			"msg": fmt.Sprintf("error 410/3907: no_such_ask Instance type %d is no longer available.", id),
		})
	}
	return reply(404, map[string]any{
		"success": false, "error": "invalid_args", "ask_id": id,
		"msg": fmt.Sprintf("error 404/3603: no_such_ask Instance type by id %d is not available.", id),
	})
}

// termsOf reads and checks what does not depend on the offer.
func (w *World) termsOf(b body) (t terms, a answer, bad bool) {
	wrong := func(code, msg string) (terms, answer, bool) { return t, fail(400, code, msg), true }
	t = terms{disk: 8, image: b.str("image"), onstart: b.str("onstart"), runtype: b.str("runtype"), login: b.str("image_login") != ""}
	t.cancel, _ = b["cancel_unavail"].(bool)
	t.stopped = b.str("target_state") == "stopped"
	var ok bool
	if t.template, ok = w.templateFor(b); !ok {
		return wrong("invalid_args", "error 400/3533: Invalid args: no such template")
	}
	if t.env, ok = envOf(b["env"]); !ok {
		return wrong("invalid_args", "error 400/3541: Invalid args: invalid env arguments")
	}
	t.fromTemplate()
	if t.image == "" {
		return wrong("invalid_args", "error 400/3536: Invalid args: image or template_hash_id is required")
	}
	if len(t.image) > 1024 {
		return wrong("invalid_args", "error 400/3537: Invalid args: image name is longer than 1024")
	}
	if t.label, t.hasLabel = b["label"].(string); len([]rune(t.label)) > 256 {
		return wrong("label_too_long", "label must be at most 256 characters")
	}
	total := 0
	for _, kv := range t.env {
		if total += len(kv[0]) + len(kv[1]); len(kv[0]) > 256 {
			return wrong("invalid_args", "invalid env arguments, key length > 256")
		}
	}
	if total > 32768 {
		return wrong("invalid_args", "invalid env arguments, total length > 32KB")
	}
	if b["price"] != nil {
		p, isNumber := b.num("price")
		if !isNumber || p < 0.001 || p > 128 {
			return wrong("invalid_price", "error 400/3561: Invalid price: price must be between 0.001 and 128")
		}
		t.price = &p
	}
	if b["disk"] != nil {
		if t.disk, ok = b.num("disk"); !ok {
			return wrong("invalid_args", "error 400/3551: Invalid args: invalid disk")
		}
	}
	if t.disk < 8 {
		return wrong("invalid_args", "error 400/3552: Invalid args: disk must be at least 8 GB")
	}
	list, _ := b["args"].([]any)
	for _, x := range list {
		s, _ := x.(string)
		t.args = append(t.args, s)
	}
	if vm, _ := b["vm"].(bool); vm && len(w.keys) == 0 {
		return wrong("no_ssh_key_for_vm", "An ssh key is required to create a VM.")
	}
	if raw, given := b["volume_info"].(map[string]any); given {
		if t.attach, a, bad = w.attachmentOf(raw); bad {
			return t, a, true
		}
	}
	return t, answer{}, false
}

// fromTemplate fills the gaps of the request from its template; single values
// of the request win, and so does the environment key by key.
func (t *terms) fromTemplate() {
	if t.template == nil {
		if t.runtype == "" {
			t.runtype = "ssh"
		}
		return
	}
	if t.image == "" {
		t.image = t.template.Image
		if t.template.Tag != "" {
			t.image += ":" + t.template.Tag
		}
	}
	if t.onstart == "" {
		t.onstart = t.template.Onstart
	}
	if t.runtype == "" {
		t.runtype = t.template.Runtype
	}
	for _, kv := range flagString(t.template.Env) {
		if !slices.ContainsFunc(t.env, func(x [2]string) bool { return x[0] == kv[0] }) {
			t.env = append(t.env, kv)
		}
	}
}

// checkOffer checks what depends on the offer.
func (w *World) checkOffer(o offer, t terms) (answer, bool) {
	space := w.offerRow(o, search{}, false).DiskSpace
	if t.disk > space {
		msg := fmt.Sprintf("error 400/3553: Invalid args: disk %g GB is more than the %g GB available", t.disk, space)
		return fail(400, "invalid_args", msg), true
	}
	if t.attach != nil {
		return w.checkAttachment(o, *t.attach)
	}
	return answer{}, false
}

// newInstance makes the contract; it does nothing yet.
func (w *World) newInstance(o offer, t terms) *instance {
	in := &instance{
		id: w.contractID(), m: o.m, offerID: o.id, gpus: o.gpus, gpuRate: o.base, disk: t.disk,
		storage: o.m.host.storage, image: t.image, runtype: t.runtype, onstart: t.onstart, args: t.args, env: t.env,
		login: t.login, template: t.template, created: w.clock, intended: "running", cur: "running", next: "running",
	}
	in.image = strings.ReplaceAll(in.image, "@vastai-automatic-tag", "cuda-12.4.1-auto")
	if t.price != nil {
		in.bid, in.price = true, *t.price
	}
	if t.hasLabel && t.label != "" {
		in.label = ptr(rawText(t.label))
	}
	in.injected = maps.Clone(w.secrets)
	in.jupyterToken = w.token(in.id)
	in.pullGB = w.imageSize(in.image)
	return in
}

// token is 64 hex digits that belong to an id.
func (w *World) token(id int64) string {
	out := ""
	for i := range uint64(4) {
		out += fmt.Sprintf("%016x", w.hash(drawToken, uint64(id), 10+i))
	}
	return out
}

// imageSize is how many GB an image has; the same image is always as big.
func (w *World) imageSize(image string) float64 {
	var h uint64
	for _, c := range []byte(image) {
		h = mix(h ^ uint64(c))
	}
	return round(1.4+float64(h%900)/100, 2)
}

// envOf reads the environment of a request: an object, or the docker flags that
// the OpenAPI shows. Values that are not texts are refused.
func envOf(v any) ([][2]string, bool) {
	switch e := v.(type) {
	case nil:
		return nil, true
	case string:
		return flagString(e), true
	case map[string]any:
		var out [][2]string
		for _, k := range slices.Sorted(keysOf(e)) {
			s, isText := e[k].(string)
			if !isText || !utf8.ValidString(k) {
				return nil, false
			}
			out = append(out, [2]string{k, s})
		}
		return out, true
	}
	return nil, false
}

// flagString reads the docker flags a template stores, as far as templates use
// them: -e KEY=VALUE, -p, -v, -h.
func flagString(s string) [][2]string {
	var out [][2]string
	words := splitWords(s)
	for i := 0; i+1 < len(words); i++ {
		switch words[i] {
		case "-e":
			if k, v, found := strings.Cut(words[i+1], "="); found {
				out = append(out, [2]string{k, strings.Trim(v, `'"`)})
			}
		case "-p", "-v":
			out = append(out, [2]string{words[i] + " " + words[i+1], "1"})
		case "-h":
			out = append(out, [2]string{"-h", words[i+1]})
		default:
			continue
		}
		i++
	}
	return out
}

// splitWords splits at spaces outside quotes.
func splitWords(s string) []string {
	var out []string
	word, quote := "", rune(0)
	for _, c := range s {
		switch {
		case quote == 0 && c == ' ':
			if word != "" {
				out = append(out, word)
			}
			word = ""
			continue
		case quote == c:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		}
		word += string(c)
	}
	if word != "" {
		out = append(out, word)
	}
	return out
}

// updateTemplate is PUT /instances/update_template/{id}/.
func (w *World) updateTemplate(q *request) answer {
	in, found := w.target(q)
	if !found {
		return noInstance("no_such_instance")
	}
	t, known := w.templateFor(q.body)
	if !known {
		return fail(400, "invalid_args", "no such template")
	}
	env, valid := envOf(q.body["env"])
	if !valid {
		return fail(400, "invalid_args", "invalid env arguments")
	}
	if t != nil {
		in.template, in.image, in.runtype, in.onstart, in.env = t, t.Image, t.Runtype, t.Onstart, flagString(t.Env)
		if t.Tag != "" {
			in.image += ":" + t.Tag
		}
	}
	if s := q.body.str("image"); s != "" {
		in.image = s
	}
	if s := q.body.str("onstart"); s != "" {
		in.onstart = s
	}
	for _, kv := range env {
		in.env = append(slices.DeleteFunc(in.env, func(x [2]string) bool { return x[0] == kv[0] }), kv)
	}
	in.pullGB = w.imageSize(in.image)
	r := w.instanceRow(in)
	return ok(map[string]any{"updated_instance": r})
}

// text renders an id the way copies name instances.
func (in *instance) text() string { return "C." + strconv.FormatInt(in.id, 10) }
