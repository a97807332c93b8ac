package rental

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// Moment is one record of an operation, in words.
type Moment struct {
	At   time.Time
	What string // "about to be sent", "sent", "confirmed" …
	Said string // what the server answered or how it was found out; "" = nothing
}

// momentOf is what a record says of its operation.
func momentOf(r record) Moment {
	m := Moment{At: r.Time}
	switch r.Kind {
	case recordIntent:
		m.What = "about to be sent"
	case recordSent:
		m.What = "sent"
	case recordConfirmed:
		m.What, m.Said = "confirmed", "the server said yes"
		if r.Via == "reading" {
			m.Said = "seen when the account was read"
		}
	case recordRejected:
		m.What, m.Said = "rejected", saidBy(r)
	case recordNotSent:
		m.What, m.Said = "not sent", "no byte of it left this machine"
	case recordUnknown:
		m.What, m.Said = "unknown", reply{r.Status, vastapi.Kind(r.Error)}.brief()
		if r.Closed {
			m.What, m.Said = "closed", "it never became known, and is not looked for any more"
		}
	case recordAbsent:
		m.What, m.Said = "absent", fmt.Sprintf("not there in %s of the account", counted(r.Checks, "reading"))
	}
	return m
}

// saidBy is a refusal as a sentence: the journal keeps its kind and status.
func saidBy(r record) string {
	sentence := (&vastapi.Error{Kind: vastapi.Kind(r.Error), Status: r.Status}).Sentence()
	if r.Status == 0 {
		return sentence
	}
	return fmt.Sprintf("HTTP %d: %s", r.Status, sentence)
}

// Moments returns the records of an operation in the order of their time.
func (o Ops) Moments(id string) []Moment {
	list := slices.Clone(o.moments[id])
	slices.SortStableFunc(list, func(a, b Moment) int { return a.At.Compare(b.At) })
	return list
}

// For returns the operations of account, in the order of All. Those that name no
// account are everybody's, and account "" has all.
func (o Ops) For(account string) []Op {
	var out []Op
	for _, op := range o.list {
		if op.of(account) {
			out = append(out, op)
		}
	}
	return out
}

// Past is an operation with its records.
type Past struct {
	Op      Op
	Moments []Moment
	Effect  vastapi.Rate // what it did to the rate of the account, or may have done at most while it is open; NaN = not known or nothing
}

// Recent returns the operations of account, those of which something was heard last
// first.
func (o Ops) Recent(account string) []Past {
	made := map[vastapi.InstanceID]vastapi.Rate{}
	var order []int
	for i := range o.list {
		op := &o.list[i]
		if op.Verb == "rent" && op.State == OpConfirmed && op.Contract != 0 {
			made[op.Contract] = op.MaxRate
		}
		if op.of(account) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return o.list[b].When().Compare(o.list[a].When()) })
	out := make([]Past, len(order))
	for at, i := range order {
		op := o.list[i]
		out[at] = Past{Op: op, Moments: o.Moments(op.ID), Effect: op.effect(made)}
	}
	return out
}

// effect is what o did to the rate of the account, or may have done. What a destroy
// saves is known when the journal knows the rent.
func (o Op) effect(made map[vastapi.InstanceID]vastapi.Rate) vastapi.Rate {
	happened := o.State == OpConfirmed || o.Open()
	switch saved, known := made[o.Subject.Instance]; {
	case o.State == OpConfirmed && o.Verb == "bid" && vastapi.Known(o.change) && o.change != 0:
		return o.change
	case happened && o.Verb == "bid" && !(o.MaxRate > 0):
		return vastapi.Unknown[vastapi.Rate]() // nothing, or a lower bid of which it is not known what it saves
	case happened && o.spends():
		return o.MaxRate
	case happened && o.Verb == "destroy" && known:
		return -saved
	}
	return vastapi.Unknown[vastapi.Rate]()
}

// When is the time of the last thing that is known of the operation.
func (o Op) When() time.Time {
	if o.last.After(o.Intended) {
		return o.last
	}
	return o.Intended
}

// Took is how long it was from sending to knowing what came of it; false while
// that is not known, and when nothing was sent.
func (o Op) Took() (time.Duration, bool) {
	if o.Sent.IsZero() || o.Ended.IsZero() || o.Ended.Before(o.Sent) {
		return 0, false
	}
	return o.Ended.Sub(o.Sent), true
}

// Failed reports whether it is certain that the operation did not happen.
func (o Op) Failed() bool {
	return o.State == OpRejected || o.State == OpNotSent || o.State == OpAbsent || o.State == OpIntended
}

// Instance is the one that the operation made or is about, 0 when there is none.
func (o Op) Instance() vastapi.InstanceID {
	if o.Contract != 0 {
		return o.Contract
	}
	return o.Subject.Instance
}

// Name is the name that the operation gives an instance, without the token; "" when
// it gives none.
func (o Op) Name() string {
	name, _ := SplitLabel(o.Label)
	return safetext.Clean(name, MaxName)
}

// Step is the operation as a step that could be made again, as far as the journal
// tells: values of variables, scripts and logins are never written there. It is
// false for an operation whose request is not known.
func (o Op) Step() (Step, bool) {
	call := callOf(o)
	return Step{Verb: o.Verb, Subject: o.Subject, Token: o.Token, Call: call}, call != nil
}

// Official is Step as a line of the official client, below comments that name what
// was sent and is not kept. It is false for an operation whose request is not known.
func (o Op) Official() (line string, known bool) {
	step, known := o.Step()
	if !known {
		return "", false
	}
	return commented(o.Lacks()) + step.Official(), true
}

// Lacks says in words what the request held that Step does not have; nil when that
// is all of it.
func (o Op) Lacks() []string {
	made := o.Verb == "rent" || o.Verb == "update"
	switch k := o.kept; {
	case made && len(k.Omits) > 0:
		return []string{"this was sent as well, and is not kept: " + strings.Join(k.Omits, ", ")}
	case o.Verb == "rent" && k.RunType == "" && k.Template == "":
		return []string{"how it was started is not kept: run type, ports, variables, scripts"}
	case o.Verb == "update" && o.Image == "" && k.Template == "":
		return []string{"what was changed is not kept"}
	case o.Verb == verbCopyData && keptCopy(o).From.Path == "":
		return []string{"from where, and to which folder, is not kept"}
	}
	return nil
}

// Deniable reports whether reading the account can show that the operation did not
// happen. One of which that is not so is closed a day after it was last heard of.
func (o Op) Deniable() bool {
	switch o.Verb {
	case "rent", "destroy", "start", "stop", "rename", "bid":
		return callOf(o) != nil
	case "update":
		return o.Image != "" || o.kept.Template != ""
	}
	return false
}

// Search says when an open operation is looked for again at the latest, and when
// its absence can be believed at the earliest, given that reads succeed; both from
// now, and 0 when that is due.
func (o Op) Search(now time.Time, p Policy) (next, believed time.Duration) {
	since := max(0, now.Sub(o.When()))
	n := 0
	for p.Pace > 0 && p.lookAt(n) <= since {
		n++
	}
	next = p.lookAt(n) - since
	patience := p.Seen
	if o.spends() {
		patience = p.Settle
	}
	return next, max(0, lastOnItsWay(o, p).Add(patience).Sub(now))
}

// Settled reports whether the given lines of a journal leave no operation open,
// as all journals together tell. Lines that cannot be read do.
func (o Ops) Settled(lines [][]byte) bool {
	for _, line := range lines {
		r, err := decodeRecord(line)
		if err != nil {
			return false
		}
		if r.Kind == recordPlan {
			continue
		}
		if n, known := o.byID[r.Op]; !known || o.list[n].Open() {
			return false
		}
	}
	return true
}

// OperationOf is the id of the operation that a line of a journal is about, ""
// when it is about none.
func OperationOf(line []byte) string {
	r, err := decodeRecord(line)
	if err != nil {
		return ""
	}
	return r.Op
}

// Stray is an instance that carries the token of a rental, but not of one that is
// known to have made it.
type Stray struct {
	Instance vastapi.InstanceID
	Token    string
	Op       Op   // the rental with that token
	Known    bool // Op is known
}

// Why says in a sentence what is wrong with the instance.
func (s Stray) Why() string {
	switch {
	case !s.Known:
		return "It carries the mark of a rental that the journal of this machine does not know: it was rented from another machine, or the journal is gone."
	case s.Op.State == OpConfirmed:
		return fmt.Sprintf("It is one too many: the rental with its mark made instance %s.", s.Op.Contract)
	case s.Op.State == OpClosed:
		return "It never became known what came of the rental with its mark, and it was not looked for any more."
	case s.Op.State == OpAbsent:
		return "The rental with its mark was given up, because it had not appeared for long enough, and came late."
	case s.Op.State == OpIntended, s.Op.State == OpNotSent:
		return "The rental with its mark was never sent by this machine."
	}
	return "The rental with its mark was refused, and yet it is there."
}

// Strays returns the instances that Orphans names, with what is known of each.
func Strays(instances []vastapi.Instance, ops Ops) []Stray {
	var out []Stray
	for n := range instances {
		_, token := SplitLabel(instances[n].Label.String())
		op, known := ops.ByToken(token)
		if instances[n].Label.Empty() {
			op, known = ops.gaveUp(instances[n].ID)
			token = op.Token
		}
		if token == "" {
			continue
		}
		if known && (op.Open() || op.State == OpConfirmed && op.Contract == instances[n].ID) {
			continue
		}
		out = append(out, Stray{Instance: instances[n].ID, Token: token, Op: op, Known: known})
	}
	return out
}

// gaveUp finds the rental whose unclear answer named the instance, and which was
// given up for absent: it may come late, and without its label.
func (o Ops) gaveUp(id vastapi.InstanceID) (Op, bool) {
	for _, op := range o.list {
		if op.Verb == "rent" && op.State == OpAbsent && op.Contract == id && id != 0 {
			return op, true
		}
	}
	return Op{}, false
}
