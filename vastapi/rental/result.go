package rental

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// Row is one line of what came of a plan that rents.
type Row struct {
	Offer    vastapi.OfferID
	Instance vastapi.InstanceID // 0 = none
	Machine  vastapi.MachineID
	Price    vastapi.Rate // as agreed, or as delivered once that was seen
	Result   string       // "rented", "rented, not seen yet", "unknown", "left behind", "failed", "skipped"
	Reason   string       // in the user's words, inert; "" when all went well
}

// Table lists what came of every offer that was tried, the rented ones first.
// Candidates that were not needed are not in it.
func (r Report) Table() []Row {
	var rows []Row
	for _, list := range []struct {
		result string
		of     []StepResult
	}{{"rented", r.Done}, {"unknown", r.Unknown}, {"failed", r.Failed}, {"skipped", r.Skipped}} {
		for _, s := range list.of {
			if isRent(s.Step.Call) {
				rows = append(rows, s.row(list.result))
			}
		}
	}
	return rows
}

func (s StepResult) row(result string) Row {
	row := Row{
		Offer: s.Step.Subject.Offer, Instance: s.Contract, Machine: s.Step.Subject.Machine,
		Price: s.Step.Rate, Result: result, Reason: s.Why,
	}
	switch {
	case result == "rented" && !s.Verified:
		row.Result = "rented, not seen yet"
	case result == "rented" && s.Twice():
		row.Result = "rented twice"
	case result == "failed" && s.Contract != 0 && !s.Foreign:
		row.Result = "left behind"
	}
	if i := s.Delivered; i != nil && Told(i) {
		row.Price, row.Machine = pricing.Running(i).Total(), i.MachineID
	}
	return row
}

// Wanted is how many steps of the plan were to be confirmed: of one that rents,
// how many machines, whatever is paid ahead for them.
func (p Plan) Wanted() int {
	if p.Mode == FirstN {
		return p.Want
	}
	n := 0
	for _, s := range p.Steps {
		if isRent(s.Call) {
			n++
		}
	}
	if n > 0 {
		return n
	}
	return len(p.Steps)
}

// split tells the results of list that Wanted counts from the others: what a
// plan that rents does beside it.
func (r Report) split(list []StepResult) (counted, beside []StepResult) {
	for _, s := range list {
		if r.Plan.rents() && !isRent(s.Step.Call) {
			beside = append(beside, s)
		} else {
			counted = append(counted, s)
		}
	}
	return counted, beside
}

func (p Plan) rents() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return isRent(s.Call) })
}

// done counts the wanted steps that were done.
func (r Report) done() int {
	list, _ := r.split(r.Done)
	return len(list)
}

// payment says what keeps what is paid ahead for a rental from being done, "" when
// nothing does or nothing was to be paid.
func (r Report) payment() string {
	_, done := r.split(r.Done)
	for _, s := range done {
		if !s.Verified {
			return "paid, not seen"
		}
	}
	for _, list := range [][]StepResult{r.Failed, r.Skipped, r.NotTried} {
		if _, left := r.split(list); len(left) > 0 {
			return "not paid ahead"
		}
	}
	if _, open := r.split(r.Unknown); len(open) > 0 {
		return "payment not known"
	}
	return ""
}

// Label is "3 of 5", and what keeps it from being the last word.
func (r Report) Label() string {
	text := fmt.Sprintf("%d of %d", r.done(), r.Plan.Wanted())
	if n := r.unseen(); n > 0 {
		text += fmt.Sprintf(", %d not seen yet", n)
	}
	if n := r.differing(); n > 0 {
		text += fmt.Sprintf(", %d not as asked for", n)
	}
	if n := r.twice(); n > 0 {
		text += fmt.Sprintf(", %d rented twice", n)
	}
	if open, _ := r.split(r.Unknown); len(open) > 0 {
		text += fmt.Sprintf(", %d not known", len(open))
	}
	if n := len(r.Leftovers()); n > 0 {
		text += fmt.Sprintf(", %d left behind", n)
	}
	if p := r.payment(); p != "" && r.done() > 0 {
		text += ", " + p
	}
	return text
}

// unseen counts the steps that were accepted but not seen to have happened.
func (r Report) unseen() int {
	n := 0
	for _, s := range r.Done {
		if !s.Verified && !s.Queued && shows(s.Step.Call) {
			n++
		}
	}
	return n
}

// shows reports whether a reading of the account can show the result of c. That
// of a reboot or a payment it cannot.
func shows(c vastapi.Call) bool {
	switch c.(type) {
	case vastapi.RebootInstance, vastapi.RecycleInstance, vastapi.PrepayInstance,
		vastapi.ExecuteCommand, vastapi.UpdateEnvVar, vastapi.CopyData, vastapi.CancelCopy:
		return false
	}
	return true
}

// differing counts the rentals that are not what was asked for.
func (r Report) differing() int {
	n := 0
	for _, s := range r.Done {
		if len(s.Differences) > 0 {
			n++
		}
	}
	return n
}

// twice counts the rents that made more than one instance.
func (r Report) twice() int {
	n := 0
	for _, list := range [][]StepResult{r.Done, r.Failed} {
		for _, s := range list {
			if s.Twice() {
				n++
			}
		}
	}
	return n
}

// Complete reports whether everything that was wanted was done, was seen, and
// is as agreed, and no more than that. Only then may it be called done.
func (r Report) Complete() bool {
	return r.done() >= r.Plan.Wanted() && r.payment() == "" &&
		r.unseen()+r.differing()+r.twice()+len(r.Unknown)+len(r.Leftovers()) == 0
}

// Short reports whether fewer were rented than are needed, whatever may become
// of those that are not known yet.
func (r Report) Short() bool { return len(r.Done)+len(r.Unknown) < r.Plan.Least }

// Summary is what came of a plan that rents in one sentence.
func (r Report) Summary() string {
	text := "Rented " + r.Label() + "."
	if r.Complete() {
		text = fmt.Sprintf("Done: rented %d of %d.", r.done(), r.Plan.Wanted())
	}
	if r.Short() {
		text += fmt.Sprintf(" At least %d are needed.", r.Plan.Least)
	}
	switch {
	case r.Err != nil:
		text += " " + sentence(r.Err.Error())
	case r.done()+len(r.Unknown) < r.Plan.Wanted() && len(r.NotTried) == 0:
		text += fmt.Sprintf(" No candidate is left: %d were gone or had changed, %d were refused.", len(r.Skipped), len(r.Failed))
	}
	return text
}

// Text is the table to be copied: one line of tab-separated values for each row
// below one with the names of the columns, and the label above.
func (r Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\noffer\tinstance\tmachine\tprice\tresult\treason\n", r.Label())
	for _, row := range r.Table() {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\t%s\n", row.Offer, orDash(row.Instance), row.Machine, pricing.Shown(row.Price), row.Result, row.Reason)
	}
	return b.String()
}

func orDash(id vastapi.InstanceID) string {
	if id == 0 {
		return "-"
	}
	return id.String()
}

// node is one rented machine, for programs.
type node struct {
	Offer    vastapi.OfferID    `json:"offer_id"`
	Instance vastapi.InstanceID `json:"instance_id"`
	Machine  vastapi.MachineID  `json:"machine_id"`
	Price    vastapi.Rate       `json:"price"` // $/h with the disk; null = not known
}

// JSON is what was rented, for programs: {"result":"3 of 5","complete":false,
// "nodes":[{"offer_id":…,"instance_id":…,"machine_id":…,"price":…}]}. Only
// confirmed rentals are nodes; price is in $/h.
func (r Report) JSON() ([]byte, error) {
	out := struct {
		Result   string `json:"result"`
		Complete bool   `json:"complete"`
		Nodes    []node `json:"nodes"`
	}{r.Label(), r.Complete(), []node{}}
	for _, s := range r.Done {
		if isRent(s.Step.Call) {
			row := s.row("rented")
			out.Nodes = append(out.Nodes, node{row.Offer, row.Instance, row.Machine, microdollars(row.Price)})
		}
	}
	return marshal(out)
}

// microdollars is a rate without the digits that adding up floats leaves behind.
func microdollars(r vastapi.Rate) vastapi.Rate { return vastapi.Rate(math.Round(float64(r)*1e6) / 1e6) }

// made are the instances that the steps of list stand for, as d knows them, or
// else as they were agreed to. One that does not carry the token of its rent is
// none of them: the answer may have named another one.
func (r Report) made(list []StepResult, d Desk) []vastapi.Instance {
	var out []vastapi.Instance
	for _, s := range list {
		if s.Contract == 0 || !isRent(s.Step.Call) {
			continue
		}
		for _, id := range append([]vastapi.InstanceID{s.Contract}, s.others()...) {
			i := findInstance(d.Instances, id)
			if i == nil && (s.Delivered == nil || !d.At.After(s.Seen)) { // else it was there and is gone
				presumed := r.presumed(s)
				presumed.ID, i = id, &presumed
			}
			if i != nil && r.carries(s, i) {
				out = append(out, *i)
			}
		}
	}
	return out
}

// carries reports whether i, which s names, is surely what s rented.
func (r Report) carries(s StepResult, i *vastapi.Instance) bool {
	_, token := SplitLabel(i.Label.String())
	before := slices.ContainsFunc(r.Plan.Basis.Listed, func(l Listed) bool { return l.Instance == i.ID })
	return token == s.Step.Token && !before && !s.Foreign
}

// unmarked are the instances that the steps of list name and that made leaves out,
// since they do not carry their token.
func (r Report) unmarked(list []StepResult, d Desk) []vastapi.InstanceID {
	var out []vastapi.InstanceID
	for _, s := range list {
		i := findInstance(d.Instances, s.Contract)
		if i != nil && isRent(s.Step.Call) && !r.carries(s, i) {
			out = append(out, i.ID)
		}
	}
	return out
}

// Leftovers are the steps whose rent was refused and yet left an instance.
func (r Report) Leftovers() []StepResult {
	var out []StepResult
	for _, s := range r.Failed {
		if isRent(s.Step.Call) && s.Contract != 0 && !s.Foreign {
			out = append(out, s)
		}
	}
	return out
}

// Leftover plans to destroy what refused rents left behind; false when there is
// nothing of the kind, or it is being destroyed already.
func (r Report) Leftover(d Desk) (Plan, bool) {
	p, err := PlanDestroy(r.made(r.Leftovers(), d), d)
	return p, err == nil
}

// Rollback plans to destroy what was rented of a plan that came out Short, and
// what refused rents left behind, with what they have cost so far. It fails when
// there is nothing to take back.
func (r Report) Rollback(d Desk) (Plan, error) {
	made := append(r.made(r.Done, d), r.made(r.Leftovers(), d)...)
	p, err := PlanDestroy(made, d)
	if err != nil {
		return Plan{}, err
	}
	p.Title = fmt.Sprintf("Take back %s: %s were rented, at least %d are needed",
		counted(len(p.Steps), "instance"), r.Label(), r.Plan.Least)
	p.Facts = append([]Line{{"spent so far", r.spentText(d)}}, p.Facts...)
	if ids := r.unmarked(append(append([]StepResult{}, r.Done...), r.Failed...), d); len(ids) > 0 {
		p.Warnings = append(p.Warnings, Warning{Caution, sentence(fmt.Sprintf(
			"%s named by an answer but %s not carry the mark of the rent, so %s not taken back here: look at instance %s",
			map[bool]string{true: "one was", false: "some were"}[len(ids) == 1], map[bool]string{true: "does", false: "do"}[len(ids) == 1],
			map[bool]string{true: "it is", false: "they are"}[len(ids) == 1], idsText(ids)))})
	}
	if n := len(r.Unknown); n > 0 {
		p.Warnings = append(p.Warnings, Warning{Caution, sentence(fmt.Sprintf(
			"of %s no clear answer came; the next look at the account tells, and none is taken back here", counted(n, "rent")))})
	}
	return p, nil
}

func (r Report) spentText(d Desk) string {
	spent := r.Spent(d)
	if !vastapi.Known(spent) {
		return pricing.Unpriced
	}
	return "at most " + cents(spent) + " and the traffic of the images"
}

// cents shows an amount that may be below a cent with more digits.
func cents(a vastapi.Amount) string {
	if a > 0 && a < 0.1 {
		return fmt.Sprintf("$%.4f", float64(a))
	}
	return pricing.Money(a)
}

// Spent is the most that the machines of r, rented or left behind, can have cost
// by d.Now in GPU and disk; traffic comes on top. One that d still knows to be
// starting has paid for its disk alone.
func (r Report) Spent(d Desk) vastapi.Amount {
	var total vastapi.Amount
	for _, s := range append(append([]StepResult{}, r.Done...), r.Leftovers()...) {
		if s.Contract == 0 || s.Sent.IsZero() || s.Foreign {
			continue
		}
		for _, id := range append([]vastapi.InstanceID{s.Contract}, s.others()...) {
			i, read := r.presumed(s), s.Seen
			if known := findInstance(d.Instances, id); known != nil {
				i, read = *known, d.At
			}
			total += spentBy(&i, max(0, d.Now.Sub(s.Sent)), max(0, d.Now.Sub(read)))
		}
	}
	return total
}

// spentBy bounds what i has cost at the given age, when it was read fresh ago.
func spentBy(i *vastapi.Instance, age, fresh time.Duration) vastapi.Amount {
	running := pricing.Running(i)
	up := age
	switch i.Actual.String() {
	case "", "created", "loading":
		up = min(age, fresh)
	}
	return vastapi.Amount(float64(running.Disk)*age.Hours() + float64(running.GPU)*up.Hours())
}

// presumed is the instance that s made, as it was agreed to be: it is there, but
// was not seen.
func (r Report) presumed(s StepResult) vastapi.Instance {
	unknown := vastapi.Unknown[vastapi.Rate]()
	running := safetext.New("running")
	i := vastapi.Instance{
		ID: s.Contract, MachineID: s.Step.Subject.Machine, Actual: running, Intended: running, Cur: running, Next: running,
		DphBase: unknown, DphTotal: unknown, BilledNow: unknown, IfRunning: unknown, StorageTotal: unknown, MinBid: unknown,
		StorageCost: vastapi.Unknown[vastapi.PerGBMonth](), DiskUsed: vastapi.Unknown[vastapi.GB](),
	}
	if call, ok := s.Step.Call.(vastapi.CreateInstance); ok {
		i.Label, i.Disk, i.Bid = safetext.New(call.Label), call.Disk, call.Price != nil
	}
	if s.Delivered != nil {
		return *s.Delivered
	}
	if asked, ok := r.Plan.Agreed(s.Index); ok {
		i.GPUName, i.NumGPUs, i.DphBase, i.StorageTotal = asked.GPU, asked.GPUs, asked.Price.GPU, asked.Price.Disk
	}
	return i
}
