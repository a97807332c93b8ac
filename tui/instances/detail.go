package instances

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vastdeck/tui/copying"
	"vastdeck/tui/feed"
	"vastdeck/tui/status"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// detailFacts lists what is known about a row, in groups with a blank line between
// them. w is how wide it is drawn.
func (m *Model) detailFacts(env view.Env, r *row, w int) []pane.Fact {
	if r.members != nil {
		if m.told.row != r { // rows are made anew with every answer, and never changed
			m.told = groupTold{r, groupFacts(r)}
		}
		return m.told.facts
	}
	trace := env.Data.Traced(r.ID)
	return spaced(
		stateFacts(env, r, trace),
		risePending(env, &r.Instance),
		moneyFacts(env, r),
		usageFacts(trace.Samples, &r.Instance, w),
		machineFacts(env, &r.Instance),
		accessFacts(&r.Instance),
		openFacts(env, r.ID),
		madeOf(&r.Instance),
		timeline(trace.Watched.States, env.Now),
	)
}

// spaced puts a blank line between groups that have anything in them.
func spaced(groups ...[]pane.Fact) []pane.Fact {
	var all []pane.Fact
	for _, g := range groups {
		if len(g) == 0 {
			continue
		}
		if len(all) > 0 {
			all = append(all, pane.Fact{})
		}
		all = append(all, g...)
	}
	return all
}

// stateFacts are how it stands, what is wrong, with the evidence and what helps, and
// how it comes up.
func stateFacts(env view.Env, r *row, trace feed.Trace) []pane.Fact {
	sentence := status.Glyph(r.state) + " " + r.state.Word
	if since := trace.Watched.Since(); !since.IsZero() && env.Now.After(since) {
		sentence += ", seen so for " + figure.Span(env.Now.Sub(since))
	}
	facts := []pane.Fact{{Label: "status", Value: sentence, Class: status.Class(r.state.Class)}}
	if r.state.Why != "" && !saysWhy(trace.Problems) {
		facts = append(facts, pane.Fact{Value: r.state.Why, Class: theme.Dim})
	}
	if verb := env.Busy[r.ID]; verb != "" {
		facts = append(facts, pane.Fact{Label: "pending", Value: article(verb) + " is under way: it counts as done when a fresh read shows it (W)", Class: theme.Accent})
	}
	if trace.Unread {
		facts = append(facts, pane.Fact{Label: "not read", Value: "its row could not be read in the newest answer: all this is of " + trace.ReadAt.UTC().Format("15:04:05") + " UTC", Class: theme.Warn})
	}
	if r.failed != "" {
		facts = append(facts, pane.Fact{Label: "not done", Value: r.failed, Class: theme.Bad})
	}
	if r.leftover {
		facts = append(facts, pane.Fact{Label: "left over", Value: leftBehind, Class: theme.Bad})
	}
	facts = append(facts, differences(r)...)
	facts = append(facts, problemFacts(env, r, trace.Problems)...)
	if r.start.Instance != 0 {
		facts = append(facts, startFacts(r.start, env.Now)...)
	}
	facts = append(facts, waysOut(r)...)
	if !r.Status.Empty() {
		facts = append(facts, pane.Fact{Label: "message", Value: r.Status.String(), Class: theme.Dim})
	}
	return facts
}

// problemFacts are what is wrong, and which keys help. What a start says of itself
// stands with its phases.
func problemFacts(env view.Env, r *row, problems []rental.Problem) []pane.Fact {
	var facts []pane.Fact
	for _, p := range problems {
		switch p.Kind {
		case rental.ProblemHopeless, rental.ProblemStuck, rental.ProblemSlow:
			if r.start.Instance != 0 && !r.start.Ready() {
				continue
			}
		case rental.ProblemPrice:
			continue // its figures are a group of their own
		}
		facts = append(facts, pane.Fact{Label: string(p.Kind), Value: p.Evidence, Class: problemClass(p.Level)})
		if keys := remedies(p.Actions); keys != "" && !held(p.Kind) {
			facts = append(facts, pane.Fact{Value: keys + " · w more ways", Class: theme.Dim})
		}
	}
	return facts
}

// risePending is what its host asks for, as long as that waits for an answer.
func risePending(env view.Env, i *vastapi.Instance) []pane.Fact {
	list := increasesOf(env, i.ID)
	if len(list) == 0 {
		return nil
	}
	facts := []pane.Fact{{Label: "asks more", Value: "the host asks for a higher price: I accepts or rejects it", Class: theme.Warn}}
	if len(list) > 1 {
		facts[0].Value = fmt.Sprintf("the host asks for a higher price %d times: I lists them, each is answered by itself", len(list))
	}
	for _, inc := range list {
		facts = append(facts, riseFacts(i, inc, env)...)
	}
	return facts
}

// held reports whether somebody else has the GPU: the ways out are listed by
// themselves then.
func held(k rental.ProblemKind) bool { return k == rental.ProblemTaken || k == rental.ProblemOutbid }

// saysWhy reports whether a problem tells why the state is what it is.
func saysWhy(problems []rental.Problem) bool {
	return slices.ContainsFunc(problems, func(p rental.Problem) bool { return held(p.Kind) || p.Kind == rental.ProblemLost })
}

// waysOut are what can be done while somebody else has the GPU.
func waysOut(r *row) []pane.Fact {
	if r.state.Class != rental.ClassWaiting {
		return nil
	}
	ways := []string{
		"wait: it starts by itself; the disk alone is billed",
		"w: save its data first",
		"r: rent the same again, or something like it",
		"D: destroy it, which ends the bill for its disk",
	}
	if r.Intended.String() == "running" {
		ways = append(ways, "S: stop waiting; disk and contract stay")
	} else if r.Bid {
		ways = append(ways, "b: bid more than the price to hold")
	}
	var facts []pane.Fact
	label := "ways out"
	for _, w := range ways {
		facts = append(facts, pane.Fact{Label: label, Value: w})
		label = ""
	}
	return facts
}

// moneyFacts are what it costs: so far, and by the hour, the day and the month.
func moneyFacts(env view.Env, r *row) []pane.Fact {
	i := &r.Instance
	now, running, stopped := pricing.Now(i), pricing.Running(i), pricing.Stopped(i)
	facts := []pane.Fact{
		{Label: "billed now", Value: figure.Rate(float64(now)), Class: theme.Money},
		{Value: figure.Amount(float64(now.Day())) + " a day, " + figure.Amount(float64(now.Month())) + " a month", Class: theme.Money},
	}
	if spent := soFar(r); vastapi.Known(spent) && !i.Start.IsZero() {
		facts = append(facts, pane.Fact{Label: "so far", Value: figure.Accrued(spent, r.spent.Estimated()) + r.guessed(), Class: theme.Money})
	}
	facts = append(facts,
		pane.Fact{Label: "running", Value: figure.Rate(float64(running.Total())), Class: theme.Money},
		pane.Fact{Value: figure.Rate(float64(running.GPU)) + " GPU, " + figure.Rate(float64(running.Disk)) + " disk", Class: theme.Dim},
		pane.Fact{Label: "stopped", Value: fmt.Sprintf("%s (%s a month for its disk)", figure.Rate(float64(stopped)), figure.Amount(float64(stopped.Month()))), Class: theme.Money},
	)
	if i.Bid {
		facts = append(facts, pane.Fact{Label: "bid", Value: fmt.Sprintf("%s, to hold %s", figure.Rate(float64(i.DphBase)), pricing.ShownEnough(i.MinBid)), Class: theme.Money})
	}
	if i.Deposit > 0 {
		facts = append(facts, pane.Fact{Label: "paid ahead", Value: figure.Amount(float64(i.Deposit)) + " is left, the discount is " + figure.Share(i.Discount), Class: theme.Money})
	}
	facts = append(facts,
		pane.Fact{Label: "created", Value: since(i.Start, env.Now)},
		pane.Fact{Label: "ends", Value: until(i.End, env.Now), Class: endClass(i.End, env.Now)},
	)
	if vastapi.Known(i.InetDownCost) || vastapi.Known(i.InetUpCost) {
		facts = append(facts, pane.Fact{Label: "traffic", Value: perGB(i.InetDownCost) + " in, " + perGB(i.InetUpCost) + " out"})
	}
	return facts
}

// endClass says in colour how near the end of a contract is.
func endClass(end, now time.Time) theme.Class {
	switch left := end.Sub(now); {
	case end.IsZero():
		return theme.Dim
	case left < 24*time.Hour:
		return theme.Bad
	case left < 72*time.Hour:
		return theme.Warn
	}
	return theme.Plain
}

// machineFacts are what it runs on, and where.
func machineFacts(env view.Env, i *vastapi.Instance) []pane.Fact {
	kind := "on-demand"
	if i.Bid {
		kind = "interruptible"
	}
	facts := []pane.Fact{
		{Label: "name", Value: nameShown(i), Class: theme.Strong},
		{Label: "GPU", Value: fmt.Sprintf("%d× %s, %s each", i.NumGPUs, figure.Text(i.GPUName.String()), figure.MiB(float64(i.GPURAM)))},
		{Label: "type", Value: kind},
		{Label: "machine", Value: i.MachineID.String() + ", host " + i.HostID.String()},
		{Label: "place", Value: figure.Text(strings.TrimLeft(i.Geolocation.String(), ", "))},
	}
	if vastapi.Known(i.CPUCores) || vastapi.Known(i.MemLimit) {
		facts = append(facts, pane.Fact{Label: "CPU, RAM", Value: figure.Decimal(i.CPUCores, 1) + " cores, " + figure.GB(i.MemLimit)})
	}
	facts = append(facts, pane.Fact{Label: "disk", Value: figure.GB(float64(i.Disk)) + used(i)})
	if vastapi.Known(i.InetDown) || vastapi.Known(i.InetUp) {
		facts = append(facts, pane.Fact{Label: "network", Value: figure.Mbps(float64(i.InetDown)) + " in, " + figure.Mbps(float64(i.InetUp)) + " out"})
	}
	if vastapi.Known(i.Reliability) {
		facts = append(facts, pane.Fact{Label: "host", Value: figure.Share(i.Reliability) + " reliable, " + figure.Text(i.Verification.String())})
	}
	if vastapi.Known(i.CUDA) {
		facts = append(facts, pane.Fact{Label: "CUDA", Value: fmt.Sprintf("%.1f, driver %s", i.CUDA, figure.Text(i.Driver.String()))})
	}
	return facts
}

// accessFacts are how to get in.
func accessFacts(i *vastapi.Instance) []pane.Fact {
	facts := []pane.Fact{{Label: "ssh", Value: ssh(i), Class: theme.Link}, {Label: "ports", Value: ports(i)}}
	if i.Actual.String() != "running" {
		return facts
	}
	secret := false
	for _, l := range i.Links() {
		secret = secret || l.Secret()
		facts = append(facts, pane.Fact{Label: l.Name, Value: l.String(), Class: theme.Link})
	}
	if secret {
		facts = append(facts, pane.Fact{Value: "y copies it with its token", Class: theme.Dim})
	}
	return facts
}

// openFacts are what leads to it from this machine.
func openFacts(env view.Env, id vastapi.InstanceID) []pane.Fact {
	o := env.Desk.Opened[id]
	var parts []string
	for _, p := range []struct {
		n    int
		noun string
	}{{o.Sessions, "ssh session"}, {o.Tunnels, "tunnel"}} {
		if p.n > 0 {
			parts = append(parts, figure.Plural(p.n, p.noun))
		}
	}
	if o.Copies > 0 {
		parts = append(parts, fmt.Sprintf("%d × copying files", o.Copies))
	}
	if len(parts) == 0 {
		return nil
	}
	return []pane.Fact{{Label: "open", Value: strings.Join(parts, ", ") + " from here (6)", Class: theme.Accent}}
}

// differences are where it is not what was asked for, and what that costs.
func differences(r *row) []pane.Fact {
	var facts []pane.Fact
	for n, d := range r.wrong {
		label := ""
		if n == 0 {
			label = "not as asked"
		}
		facts = append(facts, pane.Fact{Label: label, Value: d.String(), Class: theme.Bad})
		if money := d.Money(); money != "" {
			facts = append(facts, pane.Fact{Value: money, Class: theme.Bad})
		}
	}
	if len(facts) > 0 {
		facts = append(facts, pane.Fact{Value: "D destroy it · x block its host · w more ways", Class: theme.Dim})
	}
	return facts
}

func used(i *vastapi.Instance) string {
	if !vastapi.Known(i.DiskUsed) {
		return ""
	}
	return fmt.Sprintf(", %s used", figure.GB(float64(i.DiskUsed)))
}

func since(t, now time.Time) string {
	if t.IsZero() {
		return figure.Unknown
	}
	return figure.Span(now.Sub(t)) + " ago"
}

func until(t, now time.Time) string {
	if t.IsZero() {
		return figure.Unknown
	}
	if !t.After(now) {
		return "over: it cannot be started again and may be deleted"
	}
	return "in " + figure.Span(t.Sub(now))
}

// ssh is how to log in, or why that is not known.
func ssh(i *vastapi.Instance) string {
	if line := copying.SSHTo(i); line != "" {
		return line
	}
	return "no address yet"
}

func ports(i *vastapi.Instance) string {
	var list []string
	for _, p := range i.Ports {
		list = append(list, fmt.Sprintf("%s → %d", p.Container, p.Host))
	}
	return figure.Text(strings.Join(list, ", "))
}
