package vastsim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// An instance is one contract of the account.
type instance struct {
	id      int64
	m       *machine
	offerID int64
	gpus    int
	label   *rawText

	bid     bool
	price   float64 // bid, $/h for all cards
	gpuRate float64 // on demand, $/h for all cards
	disk    float64 // GB
	storage float64 // $/GB/month

	image, runtype, onstart string
	args                    []string
	env                     [][2]string
	login                   bool // registry credentials were given
	jupyterToken            string
	injected                map[string]string // variables of the account as it was rented
	template                *template

	actual, msg         string // actual "" stands for null
	intended, cur, next string
	steps               []step
	holds               bool // occupies its cards
	queued              bool // start was asked for while the cards were taken
	outbid              bool // stopped by the market, resumes by itself
	expired             bool
	created             time.Duration
	upSince             time.Duration
	pullGB, pullRate    float64 // image size; GB/h while it is being pulled
	due                 time.Duration
	goneAt              time.Duration
	ends                time.Duration // before the host's offer does; 0 = with it
	load                *float64      // of the cards in percent, nil = it wanders
	fill                *float64      // GB taken on the disk, nil = it grows by itself

	copies  int // begun or ended into it: an older one tells nothing any more
	keys    []sshKey
	deleted []string // paths that rm was run on
	volumes []mount
	ledger  *ledger

	deposit     float64 // $ paid in advance
	depositedAt time.Duration
	discount    float64
	months      float64
}

// A step is something that will happen to an instance by itself.
type step struct {
	at time.Duration
	do func(*instance)
}

// billsGPU says whether the cards are paid for.
func (in *instance) billsGPU() bool {
	switch in.actual {
	case "running", "frozen", "rebooting", "recycling":
		return true
	}
	return false
}

// then puts a step on the instance's timetable.
func (w *World) then(in *instance, after time.Duration, do func(*instance)) {
	in.steps = append(in.steps, step{w.clock + after, do})
	slices.SortStableFunc(in.steps, func(a, b step) int { return int(min(1, max(-1, a.at-b.at))) })
}

// wake plays what is due for in at the clock.
func (w *World) wake(in *instance) {
	for len(in.steps) > 0 && in.steps[0].at <= w.clock {
		do := in.steps[0].do
		in.steps = in.steps[1:]
		do(in)
	}
	if w.clock >= in.end() && !in.expired {
		in.expired = true
		w.halt(in, "")
	}
	if in.expired && w.clock >= in.end()+48*time.Hour {
		w.remove(in)
		return
	}
	switch {
	case in.bid && in.holds && !w.mayRun(in):
		w.evict(in)
	case (in.queued || in.outbid) && !in.expired && !w.account.broke && w.mayRun(in):
		w.launch(in, false)
	}
	if in.deposit > 0 && w.depositLeft(in) <= 1e-9 {
		in.deposit, in.discount = 0, 0
	}
	w.settle(in)
}

// settle brings billing and timetable in line with the instance's state. It is
// called after every change.
func (w *World) settle(in *instance) {
	w.bill(in.ledger, w.ratesOf(in), in.deposit > 0)
	in.due = in.end()
	if in.expired {
		in.due = in.end() + 48*time.Hour
	}
	if len(in.steps) > 0 {
		in.due = min(in.due, in.steps[0].at)
	}
	if (in.bid && in.holds) || in.queued || in.outbid {
		in.due = min(in.due, w.nextMarketChange(in.m, w.clock))
	} else {
		in.due = min(in.due, w.nextLine(in.m, w.clock))
	}
	if in.deposit > 0 {
		if per := in.ledger.price(w.ratesOf(in)).total(); per > 0 {
			in.due = min(in.due, w.clock+time.Duration(w.depositLeft(in)/per*float64(time.Hour))+1)
		}
	}
}

// ratesOf is what in costs now. A machine without connection costs nothing.
func (w *World) ratesOf(in *instance) rates {
	if in.actual == "offline" || w.offline(in.m, w.clock) {
		return rates{}
	}
	r := rates{disk: in.storage * in.disk / monthHours}
	if in.billsGPU() {
		r.gpu = in.hourly() * (1 - in.discount)
	}
	if !w.cfg.traffic {
		return r
	}
	switch in.actual {
	case "loading":
		r.down = in.pullRate
	case "running":
		r.down = round(0.02+0.4*w.unit(drawUsage, uint64(in.id), 1), 3)
		r.up = round(0.01+0.15*w.unit(drawUsage, uint64(in.id), 2), 3)
	}
	return r
}

// hourly is the GPU part of the contract's price, before any discount.
func (in *instance) hourly() float64 {
	if in.bid {
		return in.price
	}
	return in.gpuRate
}

// grasp and release keep count of the cards of the machine.
func (w *World) grasp(in *instance) {
	if !in.holds {
		in.holds = true
		w.hold(in.m, in.gpus)
	}
}

func (w *World) release(in *instance) {
	if in.holds {
		in.holds = false
		w.hold(in.m, -in.gpus)
	}
}

// launch starts the container; fresh means that its image has to be pulled.
func (w *World) launch(in *instance, fresh bool) {
	in.queued, in.outbid = false, false
	in.intended, in.cur, in.next = "running", "running", "running"
	in.steps = nil
	w.grasp(in)
	if fresh {
		w.pull(in, w.startupOf(in))
		return
	}
	in.actual, in.msg = "loading", ""
	in.pullRate = 0
	w.then(in, w.span(in, 6, 20), w.comeUp)
}

// startupOf is how long in takes from create to running.
func (w *World) startupOf(in *instance) time.Duration {
	if w.cfg.startup > 0 {
		return w.cfg.startup
	}
	return w.span(in, 40, 180)
}

// span is a seeded length of time between lo and hi seconds, whole milliseconds.
func (w *World) span(in *instance, lo, hi float64) time.Duration {
	x := lo + (hi-lo)*w.unit(drawStart, uint64(in.id), uint64(in.created/time.Millisecond))
	return time.Duration(x*1000) * time.Millisecond
}

// pull plays the download of the image over d, with the messages docker gives.
func (w *World) pull(in *instance, d time.Duration) {
	layer := fmt.Sprintf("%012x", w.hash(drawStart, uint64(in.id), 7)>>16)
	image := in.image
	repository, _, _ := strings.Cut(image, ":")
	if !strings.Contains(repository, "/") {
		repository = "library/" + repository
	}
	in.pullRate = 0
	stuck := strings.Contains(image, "stuck")
	if hours := (d * 88 / 100).Hours(); hours > 0 && !stuck {
		in.pullRate = in.pullGB / hours // spread over the time it says "loading"
	}
	say := func(part float64, actual, msg string) {
		w.then(in, time.Duration(part*float64(d)), func(in *instance) { in.actual, in.msg = actual, msg })
	}
	say(0.06, "created", "")
	say(0.12, "loading", "Pulling from "+repository)
	if failure := failureOf(in); failure != "" {
		w.then(in, d*3/10, func(in *instance) { w.fail(in, failure) })
		return
	}
	say(0.20, "loading", layer+": Pulling fs layer")
	for i, part := range []float64{0.30, 0.42, 0.54, 0.66} {
		say(part, "loading", fmt.Sprintf("%s: Downloading %.2fGB/%.2fGB", layer, in.pullGB*float64(i+1)/5, in.pullGB))
	}
	if stuck {
		return // the download never ends
	}
	say(0.78, "loading", layer+": Pull complete")
	say(0.90, "loading", "Status: Downloaded newer image for "+image)
	w.then(in, d, w.comeUp)
}

// failureOf is docker's complaint about the image or the machine, if any. Names
// decide about images so that a person can ask for a failure.
func failureOf(in *instance) string {
	repository, _, _ := strings.Cut(in.image, ":")
	switch {
	case strings.Contains(in.image, "does-not-exist"):
		return fmt.Sprintf("Error response from daemon: manifest for %s not found: manifest unknown: manifest unknown", in.image)
	case strings.Contains(in.image, "private/") && !in.login:
		return fmt.Sprintf("Error response from daemon: pull access denied for %s, repository does not exist or may require 'docker login'", repository)
	case in.m.host.verification == "deverified" && in.m.reliability < 0.78:
		return "Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: nvidia-container-cli: initialization error"
	}
	return ""
}

// fail ends a start for good: the container exists but will not run.
func (w *World) fail(in *instance, why string) {
	in.actual, in.msg, in.cur = "created", why, "stopped"
	in.steps = nil
	w.release(in)
}

// comeUp makes the container run.
func (w *World) comeUp(in *instance) {
	in.actual, in.cur, in.next = "running", "running", "running"
	kind := "ssh"
	if in.runtype == "args" {
		kind = "args"
	} else if strings.Contains(in.runtype, "jupyter") {
		kind = "jupyter"
	}
	in.msg = "success, running " + strings.ReplaceAll(in.image, ":", "_") + "/" + kind
	in.upSince = w.clock
}

// stop is the user's stop: the wish is recorded at once, the container follows.
func (w *World) stop(in *instance) {
	in.queued, in.outbid = false, false
	in.intended, in.next = "stopped", "stopped"
	in.steps = nil
	if in.cur == "stopped" && !in.holds {
		return
	}
	w.then(in, w.span(in, 3, 8), func(in *instance) { w.halt(in, "") })
}

// halt is the end of a run, wished or not.
func (w *World) halt(in *instance, msg string) {
	in.steps = nil
	in.intended, in.cur, in.next = "stopped", "stopped", "stopped"
	if in.actual != "" && in.actual != "created" || in.holds {
		in.actual = "exited"
	}
	in.msg = msg
	w.release(in)
}

// evict stops a bid instance in favour of somebody who pays more. Nothing in
// its fields says so, as on the service.
func (w *World) evict(in *instance) {
	w.halt(in, "")
	in.outbid = true
}

// begin is the user's start. It reports false when the cards are taken: the
// start is then queued.
func (w *World) begin(in *instance) bool {
	if in.intended == "running" && in.holds {
		return true
	}
	if in.holds { // a stop is still under way
		in.steps = nil
		in.intended, in.next = "running", "running"
		if in.actual != "running" {
			w.then(in, w.span(in, 6, 20), w.comeUp)
		}
		return true
	}
	if w.mayRun(in) {
		w.launch(in, in.actual == "" || in.actual == "created")
		return true
	}
	in.intended, in.next, in.queued = "running", "running", true
	return false
}

func (w *World) reboot(in *instance) {
	in.actual, in.msg = "rebooting", ""
	in.steps = nil
	w.then(in, w.span(in, 10, 30), w.comeUp)
}

func (w *World) recycle(in *instance) {
	in.actual, in.msg, in.deleted = "recycling", "", nil
	in.steps = nil
	w.then(in, 4*time.Second, func(in *instance) {
		in.actual = "loading"
		w.pull(in, w.startupOf(in))
		in.steps = slices.DeleteFunc(in.steps, func(s step) bool {
			return s.at < w.clock+w.startupOf(in)*12/100 // the container exists already
		})
	})
}

// lingering is how long a destroyed instance stays in lists.
const lingering = 2 * time.Second

// remove ends the contract. Its volumes become free a little later.
func (w *World) remove(in *instance) {
	w.release(in)
	w.forgetIncreases(in)
	if left := w.refund(in); left > 0 {
		w.account.funds += left
	}
	in.deposit = 0
	w.bill(in.ledger, rates{}, false)
	in.cur, in.next, in.intended = "unloaded", "unloaded", "stopped"
	in.goneAt = w.clock
	delete(w.instances, in.id)
	w.order = slices.DeleteFunc(w.order, func(x *instance) bool { return x == in })
	w.gone = append(w.gone, in)
	for _, v := range in.volumes {
		v.volume.freeFrom = w.clock + time.Duration(5+20*w.unit(drawStart, uint64(in.id), 9))*time.Second
	}
}

// add puts a new contract into the books.
func (w *World) add(in *instance) {
	in.ledger = &ledger{
		kind: "instance", id: in.id, downCost: in.m.host.downCost, upCost: in.m.host.upCost,
		label: func() any {
			if in.label == nil {
				return nil
			}
			return *in.label
		},
	}
	if in.template != nil {
		in.ledger.template = &in.template.ID
	}
	w.ledgers = append(w.ledgers, in.ledger)
	w.instances[in.id] = in
	w.order = append(w.order, in)
}

// contractID hands out the next contract id; they grow by uneven steps.
func (w *World) contractID() int64 {
	w.serial++
	w.lastID += 1 + int64(w.hash(drawAccount, w.serial)%97)
	return w.lastID
}
