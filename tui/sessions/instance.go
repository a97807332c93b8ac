package sessions

import (
	"fmt"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// instanceText is an instance in a few words, to choose it by.
func instanceText(env view.Env, i *vastapi.Instance) string {
	return fmt.Sprintf("%s · %d× %s · machine %s", env.Data.Traced(i.ID).State(i).Word, i.NumGPUs, i.GPUName, i.MachineID)
}

// unreachable says why there can be no ssh to an instance now, "" when there can.
func unreachable(env view.Env, i *vastapi.Instance) string {
	why := env.Load.NoSSH(*i)
	switch {
	case why == "", i.Actual.String() == "running":
		return lowered(why)
	case i.Intended.String() == "running":
		return "it does not run yet: wait until it does"
	}
	return "it is stopped: start it with S in the instances (2)"
}

// lowered is a sentence as it goes on behind a colon.
func lowered(s string) string {
	if len(s) < 2 || s[1] < 'a' || s[1] > 'z' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// upper is a reason as a sentence begins.
func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// noInstances says why there is no instance to choose from, "" when there is one.
func noInstances(env view.Env) string {
	switch {
	case !env.Data.Instances.Told():
		return "the instances are still being loaded"
	case len(env.Data.Instances.Value.Instances) == 0:
		return "there is no instance: rent one in the market (1)"
	}
	return ""
}

// gone says that an instance is not there any more.
func gone(id vastapi.InstanceID) view.Effect {
	return view.Do(view.Toast{Text: "instance " + id.String() + " is not among those of the account: press 2 and look", Level: view.Warn})
}

// way is how an instance is to be reached: as asked for, else as was chosen for it.
func (m *Model) way(id vastapi.InstanceID, asked remote.Way) remote.Way {
	if asked != remote.Auto {
		return asked
	}
	return m.ways[id]
}
