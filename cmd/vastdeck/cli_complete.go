package main

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vastdeck/store"
	"vastdeck/tui/volumes"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// What a shell offers when tab is pressed. Nobody may be asked anything meanwhile, and
// nothing may be said: what cannot be found out quickly is not offered.

// completion is what cobra asks for a list of.
type completion = func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective)

// The directives: no names of files, and for what goes on, no space behind it.
const (
	onlyThese = cobra.ShellCompDirectiveNoFileComp
	goesOn    = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
)

// completeRows completes a query about what the account has.
func completeRows(complete func(query string) []offerql.Candidate) completion {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return queryCompletions(typed, complete), goesOn
	}
}

// completeQuery completes a query of the market.
func (a *app) completeQuery(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	return queryCompletions(typed, func(q string) []offerql.Candidate { return offerql.Complete(q, len(q), nil) }), goesOn
}

// completeVolumeQuery completes a query about volumes, or with --offers about places
// for them.
func (a *app) completeVolumeQuery(f *volumeFlags) completion {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		if f.offers {
			return queryCompletions(typed, placeCandidates), goesOn
		}
		return queryCompletions(typed, volumes.Complete), goesOn
	}
}

func placeCandidates(query string) []offerql.Candidate {
	return offerql.CompleteVolumes(query, len(query), nil)
}

// completeRegion completes --region as a query does.
func completeRegion(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	const field = "region="
	out := []string{}
	for _, one := range queryCompletions(field+typed, placeCandidates) {
		if name, ok := strings.CutPrefix(one, field); ok && !strings.HasPrefix(name, "any") {
			out = append(out, name)
		}
	}
	if strings.HasPrefix("all", typed) {
		out = append([]string{"all\tanywhere"}, out...)
	}
	return out, onlyThese
}

// queryCompletions are the words that the last word of a query may become. A shell takes
// each as one word, so that what would have to be quoted is left out.
func queryCompletions(typed string, complete func(string) []offerql.Candidate) []string {
	out := []string{}
	for _, one := range complete(typed) {
		text := strings.TrimRight(typed[:one.From]+one.Text, " ")
		if !strings.HasPrefix(text, typed) || strings.ContainsAny(text, " \t\"'") {
			continue
		}
		out = append(out, text+"\t"+one.Help)
	}
	return out
}

// completeOrder completes --order with the names of fields.
func completeOrder(c *cobra.Command, fields func() []offerql.Field) {
	_ = c.RegisterFlagCompletionFunc("order", func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return orderCompletions(fields(), typed), goesOn
	})
}

func orderCompletions(fields []offerql.Field, typed string) []string {
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	var out []string
	for _, f := range fields {
		out = append(out, before+f.Name+"\t"+f.Help, before+f.Name+"-\t"+f.Help+", downwards")
	}
	return out
}

// completeInstances completes instances that are not named yet, by id or by name.
func (a *app) completeInstances(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	return thingCompletions(a.known(c.Context(), instancesOnly).Instances, "", args, typed), onlyThese
}

// completeVolumes completes volumes that are not named yet, by id or by name.
func (a *app) completeVolumes(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	return thingCompletions(a.known(c.Context(), volumesOnly).Volumes, "", args, typed), onlyThese
}

// completeTargets completes what can be destroyed: instances, and volumes as vol-ID.
func (a *app) completeTargets(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	what := both
	if strings.HasPrefix(typed, volumeMarks[0]) {
		what = volumesOnly
	}
	k := a.known(c.Context(), what)
	list := thingCompletions(k.Instances, "", args, typed)
	return append(list, thingCompletions(k.Volumes, volumeMarks[0], args, typed)...), onlyThese
}

// thingCompletions are ids with names beside them, and names with ids beside them when a
// name is what is being typed.
func thingCompletions(list []store.KnownThing, mark string, args []string, typed string) []string {
	named := map[string]bool{}
	for _, arg := range args {
		named[arg] = true
	}
	out := []string{}
	for _, one := range list {
		id, name, about := mark+strconv.FormatInt(one.ID, 10), harmless(one.Name), harmless(one.About)
		if named[id] || named[name] {
			continue
		}
		if strings.HasPrefix(id, typed) {
			out = append(out, id+"\t"+strings.TrimSpace(name+"  "+about))
		}
		if mark == "" && typed != "" && strings.HasPrefix(name, typed) && isWord(name) {
			out = append(out, name+"\t"+strings.TrimSpace(id+"  "+about))
		}
	}
	return out
}

// isWord reports whether a shell takes a name as it is.
func isWord(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '-' && r != '_' && r != '.' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// What there is to know.
type knowing uint8

const (
	instancesOnly knowing = 1 << iota
	volumesOnly
	both = instancesOnly | volumesOnly
)

// completionLimit is how long somebody who presses tab waits at most.
const completionLimit = 1500 * time.Millisecond

// known is what the account has: asked for when the key is at hand, else as it was seen
// last. The keyring is not touched, because it may ask its user something; neither is
// a command that gives out keys.
func (a *app) known(parent context.Context, what knowing) store.Known {
	if parent == nil {
		parent = context.Background()
	}
	ctx, cancel := context.WithTimeout(parent, cmp.Or(a.pace.completing, completionLimit))
	defer cancel()
	if a.opt.demo {
		k, err := a.demoAccount()
		if err != nil {
			return store.Known{}
		}
		defer k.close()
		now, _ := k.readKnown(ctx, what)
		return now
	}
	a.envKey = takeKey()
	s, err := a.session()
	if err != nil {
		return store.Known{}
	}
	defer s.close()
	dir, err := s.paths.Profile(s.opt.profile)
	if err != nil {
		return store.Known{}
	}
	if k := s.atHand(ctx); k != nil {
		if now, err := k.readKnown(ctx, what); err == nil {
			return now
		}
	}
	seen := store.ReadKnown(dir)
	if seen.Host != s.host {
		return store.Known{}
	}
	return seen
}

// atHand is the account whose key is in the environment or in a file that was named, nil
// when neither is so.
func (s *session) atHand(ctx context.Context) *account {
	if s.envKey == "" && s.opt.keyFile == "" || s.opt.keyStdin {
		return nil
	}
	k, err := s.account(ctx)
	if err != nil {
		return nil
	}
	return k
}

// readKnown reads what the account has.
func (k *account) readKnown(ctx context.Context, what knowing) (store.Known, error) {
	known := store.Known{At: time.Now(), Host: k.host}
	if what&instancesOnly != 0 {
		page, err := k.api.Instances(ctx)
		if err != nil {
			return store.Known{}, err
		}
		known.Instances = knownInstances(page.Instances)
	}
	if what&volumesOnly != 0 {
		list, err := k.api.Volumes(ctx)
		if err != nil {
			return store.Known{}, err
		}
		known.Volumes = knownVolumes(list.Volumes)
	}
	return known, nil
}

func knownInstances(list []vastapi.Instance) []store.KnownThing {
	out := make([]store.KnownThing, len(list))
	for n := range list {
		i := &list[n]
		name, _ := rental.SplitLabel(i.Label.String())
		about := gpuType(i.NumGPUs, i.GPUName) + " " + rental.Display(*i).Word
		out[n] = store.KnownThing{ID: int64(i.ID), Name: safetext.Clean(name, safetext.MaxRunes), About: strings.TrimSpace(about)}
	}
	return out
}

func knownVolumes(list []vastapi.Volume) []store.KnownThing {
	out := make([]store.KnownThing, len(list))
	for n := range list {
		out[n] = store.KnownThing{ID: int64(list[n].ID), Name: list[n].Name.String(), About: gigabytes(list[n].Size)}
	}
	return out
}

// noteKnown keeps what a verb has read for the next completion; nil is what was not
// read. A failure is for the log alone.
func (k *account) noteKnown(instances []vastapi.Instance, volumes []vastapi.Volume) {
	if k.demo {
		return
	}
	if err := knownAt(k.dir, k.host, instances, volumes); err != nil {
		k.log.Warn("what there is could not be noted for completion", "err", err)
	}
}
