package instances

import (
	"strings"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// actionKeys are the keys of what can be done about a problem. Those without one
// stand in the menu of w alone.
var actionKeys = map[rental.ActionKind]string{
	rental.ActRentNext: "r", rental.ActDestroy: "D", rental.ActBlock: "x", rental.ActStart: "S", rental.ActStop: "S",
	rental.ActReboot: "B", rental.ActRecycle: "R", rental.ActCopyOut: "p", rental.ActRun: "e", rental.ActLog: "l",
	rental.ActBid: "b", rental.ActAccept: "I", rental.ActReject: "I",
}

// remedies names the keys of what can be done about a problem, in one line.
func remedies(actions []rental.Action) string {
	var parts []string
	for _, a := range actions {
		if k := actionKeys[a.Kind]; k != "" {
			parts = append(parts, k+" "+strings.ToLower(a.Text))
		}
	}
	return strings.Join(parts, " · ")
}

// helpFor is everything that can be done about what is wrong with a row, each kind
// once, the likeliest first.
func helpFor(env view.Env, r *row) []rental.Action {
	if r.members != nil {
		return nil
	}
	var all []rental.Action
	seen := map[rental.ActionKind]bool{}
	add := func(list []rental.Action) {
		for _, a := range list {
			if _, doable := helpWords[a.Kind]; doable && !seen[a.Kind] {
				seen[a.Kind] = true
				all = append(all, a)
			}
		}
	}
	for _, p := range env.Data.Traced(r.ID).Problems {
		add(p.Actions)
	}
	if r.start.Instance != 0 {
		add(r.start.Verdict(env.Now, 0).Actions)
	}
	if len(r.wrong) > 0 {
		add([]rental.Action{{Kind: rental.ActDestroy, Text: "Destroy it"}, {Kind: rental.ActBlock, Text: "Block the host"}})
	}
	if r.leftover {
		add([]rental.Action{{Kind: rental.ActDestroy, Text: "Destroy it"}})
	}
	return all
}

// helpWords say what each thing that helps comes to.
var helpWords = map[rental.ActionKind]string{
	rental.ActWait:     "nothing is done: it goes on by itself when it can",
	rental.ActRentNext: "the market opens with the form it was rented with; this one stays until it is destroyed",
	rental.ActDestroy:  "ends the contract and erases its disk; you are asked first",
	rental.ActBlock:    "its host is left out of the market for a while",
	rental.ActLog:      "what the container and the machine say",
	rental.ActBid:      "a bid above the price to hold lets it run",
	rental.ActStart:    "asks for its GPU again",
	rental.ActStop:     "the disk stays and is billed; what asks for the GPU ends",
	rental.ActReboot:   "the container restarts, disk and GPU are kept",
	rental.ActRecycle:  "the container is made anew, what is in it is lost",
	rental.ActCopyOut:  "to this machine, before anything else is done",
	rental.ActRun:      "opens the page for commands with du in its line, which shows what is large",
	rental.ActAccept:   "the higher price counts from then on",
	rental.ActReject:   "the price stays, and the contract may end when it was to end",
}

// newHelpMenu lists what can be done about what is wrong with an instance.
func newHelpMenu(m *Model, id vastapi.InstanceID) *menu {
	return &menu{listing.Menu{
		Title: "What can be done about instance " + id.String(), Verb: "do it", Empty: "nothing is wrong with it any more",
		List: func(env view.Env) []listing.Choice {
			r := m.rowOf(env, id)
			if r == nil {
				return nil
			}
			var list []listing.Choice
			for _, a := range helpFor(env, r) {
				list = append(list, m.helpLine(env, r, a))
			}
			return list
		},
	}}
}

// rowOf is the row of an instance, nil when it is gone.
func (m *Model) rowOf(env view.Env, id vastapi.InstanceID) *row {
	if _, there := env.Data.Instance(id); !there {
		return nil
	}
	for _, r := range m.plain {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// helpLine is one thing that helps. The key that does it as well stands before it.
func (m *Model) helpLine(env view.Env, r *row, a rental.Action) listing.Choice {
	k := actionKeys[a.Kind]
	c := listing.Choice{Label: fit1(k) + " " + a.Text, Detail: helpWords[a.Kind], Key: k}
	change := env.Changing("")
	if change == "" {
		change = underWay(env, []*row{r})
	}
	list, ids := []vastapi.Instance{r.Instance}, []vastapi.InstanceID{r.ID}
	ask := func(plan planner) func() view.Effect {
		return func() view.Effect { return confirm(env, list, plan) }
	}
	switch a.Kind {
	case rental.ActWait:
		c.Do = func() view.Effect {
			return view.Do(view.Toast{Text: "waiting on: the list says when it has changed", Level: view.Info})
		}
	case rental.ActRentNext:
		c.Do = func() view.Effect { return rentAgain(env, r.Instance) }
	case rental.ActBlock:
		c.Do = func() view.Effect { return m.block(r) }
	case rental.ActLog:
		c.Do = func() view.Effect { return view.Do(view.Goto{View: view.Logs, Focus: view.ShowLogs{Instances: ids}}) }
	case rental.ActRun:
		c.Do = func() view.Effect {
			return view.Do(view.Goto{View: view.Run, Focus: view.RunCommand{Instances: ids, Command: a.Field}})
		}
	case rental.ActCopyOut:
		m.copyOut(&c, r)
	case rental.ActDestroy:
		c.Why, c.Class, c.Do = change, theme.Bad, ask(rental.PlanDestroy)
	case rental.ActStart:
		c.Why, c.Do = change, ask(rental.PlanStart)
	case rental.ActStop:
		c.Why, c.Do = change, ask(rental.PlanStop)
	case rental.ActReboot:
		c.Why, c.Do = change, ask(rental.PlanReboot)
	case rental.ActRecycle:
		c.Why, c.Do = change, ask(rental.PlanRecycle)
	case rental.ActBid:
		c.Why, c.Do = firstOf(change, noBid(env, []*row{r})), func() view.Effect { return changeBid(r.ID) }
	case rental.ActAccept, rental.ActReject:
		c.Why, c.Do = change, func() view.Effect { return m.answerOne(env, r.ID, a.Kind == rental.ActAccept) }
	}
	return c
}

// copyOut copies data out over ssh while it runs. What does not run can be copied by
// the official client alone, whose line goes to the clipboard.
func (m *Model) copyOut(c *listing.Choice, r *row) {
	if noShell(&r.Instance) == "" {
		c.Do = func() view.Effect { return tell(view.CopyFiles{Instance: r.ID}) }
		return
	}
	line := copyHere(r.ID)
	c.Label += ", by the official client"
	c.Detail = "it does not run, so not over ssh: m copies to another instance or a volume, enter copies the line for this machine:  " + line
	c.Do = func() view.Effect { return view.Do(view.Copy{Text: line, What: "the line"}) }
}

// fit1 is a key in one cell.
func fit1(key string) string {
	if key == "" {
		return " "
	}
	return key
}
