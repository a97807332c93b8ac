package bids

import (
	"fmt"
	"time"

	"vastdeck/tui/status"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// facts lists what is known about a bid, in groups with a blank line between them.
func facts(env view.Env, r *row) []pane.Fact {
	var all []pane.Fact
	for _, group := range [][]pane.Fact{
		stateFacts(env, r), waysOut(env, r), bidFacts(env, r), costFacts(env, r), batchFacts(env, r), machineFacts(r), timeline(env, r),
	} {
		if len(group) > 0 && len(all) > 0 {
			all = append(all, pane.Fact{})
		}
		all = append(all, group...)
	}
	return all
}

// stateFacts are how it stands, and how far its start is.
func stateFacts(env view.Env, r *row) []pane.Fact {
	word := r.stand.glyph + " " + r.stand.word
	if !r.since.IsZero() && env.Now.After(r.since) {
		word += ", seen so for " + figure.Span(env.Now.Sub(r.since))
	}
	list := []pane.Fact{{Label: "state", Value: word, Class: r.stand.class}}
	add := func(label, value string, class theme.Class) {
		list = append(list, pane.Fact{Label: label, Value: value, Class: class})
	}
	text, troubled := why(env, r)
	switch {
	case troubled && !r.outbid():
		add("", text, theme.Warn)
	case r.state.Why != "" && !r.left:
		add("", r.state.Why, theme.Dim)
	}
	if verb := env.Busy[r.ID]; verb != "" {
		add("pending", underWayText(verb)+": it counts as done when a fresh read shows it (W)", theme.Accent)
	}
	if s := env.Data.Traced(r.ID).Watched.Startup; s.Instance != 0 && !s.Ready() && r.state.Class == rental.ClassMoving {
		text := ""
		for _, p := range s.Phases(env.Now) {
			if text != "" {
				text += " · "
			}
			text += p.String()
		}
		add("start", text, theme.Accent)
		add("", "i shows its timeline among the instances", theme.Dim)
	}
	return list
}

// waysOut are what can be done while somebody bids more.
func waysOut(env view.Env, r *row) []pane.Fact {
	if !r.outbid() || r.left {
		return nil
	}
	raise := "h: raise it to hold"
	if p, err := rental.RaiseToHold(r.Instance, r.price.Rate, r.moved, env.Desk.Caps); err == nil {
		raise = fmt.Sprintf("h: raise it to %s, which holds now", figure.Rate(float64(p.Price)))
		if vastapi.Known(p.Most) {
			raise += "; at most " + figure.Rate(float64(p.Most)) + ", " + p.Limit
		}
	} else {
		raise += ": not now, " + err.Error()
	}
	return []pane.Fact{
		{Label: "ways out", Value: raise},
		{Value: "m: go on demand elsewhere" + elsewhereWords(r) + "; r opens the rent form with what this one was rented with"},
		{Value: "D: destroy it, which ends the bill for its disk and erases it"},
		{Label: "or wait", Value: resumes + ", also while nobody looks", Class: theme.Warn},
	}
}

// elsewhereWords say what such GPUs cost on demand at least, where the market in hand
// tells it.
func elsewhereWords(r *row) string {
	if !(r.like > 0) {
		return ""
	}
	return ", from " + figure.Rate(float64(r.like))
}

// bidFacts are the bid and what it is held against.
func bidFacts(env view.Env, r *row) []pane.Fact {
	list := []pane.Fact{
		{Label: "my bid", Value: eachOf(r.Instance, r.DphBase), Class: theme.Money},
		{Label: "to hold", Value: eachOf(r.Instance, pricing.Enough(r.MinBid)), Class: theme.Money},
	}
	if v := margin(r.Instance); vastapi.Known(v) {
		text := figure.Share(v) + " above the price to hold"
		if v < 0 {
			text = figure.Share(-v) + " below the price to hold"
		}
		list = append(list, pane.Fact{Label: "margin", Value: text, Class: r.stand.class})
	}
	list = append(list, pane.Fact{Label: "on demand", Value: onDemandWords(env, r), Class: theme.Money})
	if r.like > 0 && !r.outbid() {
		list = append(list, pane.Fact{Label: "elsewhere", Value: "such GPUs on demand from " + figure.Rate(float64(r.like)) + " (m)", Class: theme.Money})
	}
	if v := r.saving(); vastapi.Known(v) {
		text := fmt.Sprintf("%s, %s", figure.Rate(float64(r.price.Rate-r.DphBase)), signedPercent(v*100))
		if v <= 0 {
			text = "none: on demand costs no more, and is never interrupted"
		}
		list = append(list, pane.Fact{Label: "saving", Value: text, Class: theme.Money})
	}
	return list
}

// costFacts are what the bid costs: by the hour, the day and the month.
func costFacts(env view.Env, r *row) []pane.Fact {
	run, stopped := pricing.Running(r.Instance), pricing.Stopped(r.Instance)
	total := run.Total()
	list := []pane.Fact{
		{Label: "while it runs", Value: figure.Rate(float64(total)) + " with its disk", Class: theme.Money},
		{Value: figure.Amount(float64(total.Day())) + " a day, " + figure.Amount(float64(total.Month())) + " a month", Class: theme.Money},
	}
	if r.NumGPUs > 1 {
		each := r.perGPU(total)
		list = append(list, pane.Fact{Value: fmt.Sprintf("a GPU: %s, %s a day, %s a month", figure.Rate(float64(each)), figure.Amount(float64(each.Day())), figure.Amount(float64(each.Month()))), Class: theme.Dim})
	}
	list = append(list, pane.Fact{Label: "while outbid", Value: fmt.Sprintf("%s for its disk, %s a month", figure.Rate(float64(stopped)), figure.Amount(float64(stopped.Month()))), Class: theme.Money})
	if w := r.wasted(env.Now); vastapi.Known(w) {
		list = append(list, pane.Fact{Label: "since outbid", Value: figure.Amount(float64(w)) + " for its disk, as far as this run has seen", Class: theme.Money})
	}
	return list
}

// leastWatched is how long a bid has to be watched before interruptions are counted
// by the hour.
const leastWatched = time.Hour

// batchFacts are what there is to know for work that can be interrupted.
func batchFacts(env view.Env, r *row) []pane.Fact {
	list := []pane.Fact{{Label: "interrupted", Value: interruptions(env, r)}}
	if loss := lossOf(r); loss > 0 {
		text := fmt.Sprintf("with one every 30m, an interruption loses about 15m of work, %s", figure.Amount(float64(loss)))
		if saved := r.price.Rate - r.DphBase; saved > 0 {
			text += fmt.Sprintf("; the bid saves that in %s", figure.Span(time.Duration(float64(loss)/float64(saved)*float64(time.Hour))))
		}
		list = append(list, pane.Fact{Label: "checkpoints", Value: text})
	}
	return append(list, pane.Fact{Value: "save them where an outbid instance can be left behind: its disk cannot be read while it is paused", Class: theme.Dim})
}

// lossOf is what a quarter of an hour of its running costs.
func lossOf(r *row) vastapi.Amount {
	return pricing.Running(r.Instance).Total().For(15 * time.Minute)
}

// interruptions say how often it was outbid, over how long it was watched.
func interruptions(env view.Env, r *row) string {
	if r.seen.IsZero() || env.Now.Before(r.seen) {
		return "not watched yet"
	}
	watched := env.Now.Sub(r.seen)
	text := fmt.Sprintf("%s seen in this run, in %s", times(r.outs), figure.Span(watched))
	if r.outs > 0 && watched >= leastWatched {
		text += fmt.Sprintf(": one in %s", figure.Span(watched/time.Duration(r.outs)))
	}
	return text
}

func times(n int) string {
	switch n {
	case 0:
		return "none"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// machineFacts are what it runs on, and where.
func machineFacts(r *row) []pane.Fact {
	return []pane.Fact{
		{Label: "name", Value: figure.Text(r.name), Class: theme.Strong},
		{Label: "GPU", Value: gpu(r.Instance)},
		{Label: "machine", Value: r.MachineID.String() + ", host " + r.HostID.String()},
		{Label: "place", Value: figure.Text(place(r))},
		{Label: "image", Value: figure.Text(r.Image.String())},
	}
}

// mostStates is how many states of the timeline are listed, the newest.
const mostStates = 12

// timeline lists the states that were seen, the newest first.
func timeline(env view.Env, r *row) []pane.Fact {
	return status.Timeline(env.Data.Traced(r.ID).Watched.States, env.Now, mostStates, func(n int) string { return fmt.Sprintf("and %d before that", n) })
}

// sums explains the figures of a bid: inputs, formula, age. Inputs have as many digits
// as it takes to work them out again.
func sums(env view.Env, r *row) []pane.Fact {
	i := r.Instance
	read := "never"
	if at := env.Data.Traced(r.ID).ReadAt; !at.IsZero() {
		if read = figure.Age(max(0, env.Now.Sub(at))); read != "now" {
			read += " ago"
		}
	}
	run := pricing.Running(i)
	saving := "not known without a price on demand"
	if v := r.saving(); vastapi.Known(v) {
		saving = fmt.Sprintf("1 − %s ÷ %s = %s", exact(i.DphBase), exact(r.price.Rate), signedPercent(v*100))
	}
	list := []pane.Fact{
		{Label: "bid", Value: exact(i.DphBase) + ", as the API tells it (dph_base), " + forGPUs(i.NumGPUs), Class: theme.Money},
		{Label: "to hold", Value: exact(i.MinBid) + " (min_bid)", Class: theme.Money},
		{Label: "read", Value: read},
		{},
		{Label: "margin", Value: fmt.Sprintf("%s ÷ %s − 1 = %s", exact(i.DphBase), exact(i.MinBid), signedPercent(margin(i)*100))},
		{Label: "on demand", Value: onDemandWords(env, r)},
		{Label: "saving", Value: saving},
		{},
		{Label: "running", Value: fmt.Sprintf("%s bid + %s disk = %s", exact(run.GPU), exact(run.Disk), exact(run.Total())), Class: theme.Money},
		{Label: "a month", Value: fmt.Sprintf("%s × 720 h = %s", exact(run.Total()), figure.Amount(float64(run.Total().Month()))), Class: theme.Money},
	}
	if w := r.wasted(env.Now); vastapi.Known(w) {
		list = append(list, pane.Fact{Label: "$ waiting", Value: fmt.Sprintf("%s × %s = %s", exact(pricing.Stopped(i)), figure.Span(env.Now.Sub(r.since)), figure.Amount(float64(w))), Class: theme.Money})
	}
	if p, err := rental.RaiseToHold(i, r.price.Rate, r.moved, env.Desk.Caps); err == nil {
		list = append(list, pane.Fact{Label: "h proposes", Value: figure.Rate(float64(p.Price)) + ": " + p.Rule()})
	}
	return list
}

func exact(r vastapi.Rate) string { return figure.ExactRate(float64(r)) }
