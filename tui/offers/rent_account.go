package offers

import (
	"fmt"
	"slices"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// mostNamed is how many variables of the account a form names.
const mostNamed = 6

// askAccountVars reads which variables the account gives every instance, once and where
// the key may see them.
func askAccountVars(env view.Env) view.Effect {
	if env.Data.EnvVars.Told() || env.Asking(vastapi.RightUserRead, "") != "" {
		return view.Effect{}
	}
	return view.Wait(env.Load.LoadEnvVars())
}

// accountVars says which variables the instance gets from the account beside those of
// the form, and which of them the form's own go before.
func accountVars(v view.Values, data *feed.Snapshot) []view.Pair {
	list := data.EnvVars.Value
	if len(list) == 0 {
		return nil
	}
	env, _ := envOf(v)
	own := env.Names()
	var names, hidden []string
	for _, a := range list {
		name := a.Name.String()
		if slices.Contains(own, name) {
			hidden = append(hidden, name)
			continue
		}
		names = append(names, name)
	}
	var pairs []view.Pair
	if len(names) > 0 {
		pairs = append(pairs, view.Pair{Label: "account's", Value: someOf(names) + ": every new instance gets these variables too"})
	}
	if len(hidden) > 0 {
		pairs = append(pairs, view.Pair{Label: "instead of", Value: "the account's " + someOf(hidden) + ", this form's own"})
	}
	return pairs
}

// someOf names the first of many.
func someOf(names []string) string {
	if n := len(names) - mostNamed; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNamed], ", "), n)
	}
	return strings.Join(names, ", ")
}
