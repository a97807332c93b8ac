package account

import "vastdeck/tui/view"

// switchForm asks which profile to go on in, where no view can list them.
const switchForm = "go on in another profile"

const fProfile = "profile"

// elsewhere is the key that leads to another profile while this one has no key; there is
// none where there is no other profile.
func elsewhere(env view.Env) []view.Action {
	others := otherProfiles(env)
	if len(others) == 0 {
		return nil
	}
	return []view.Action{typing("ctrl+t", "go on in another profile…", "", func() view.Effect { return askProfile(env, others) })}
}

// otherProfiles are those that can be gone to.
func otherProfiles(env view.Env) []view.Option {
	var list []view.Option
	for _, p := range env.Profiles {
		if !p.Current {
			list = append(list, view.Option{Value: p.Name, Label: p.Name, Help: "at " + serverOf(p)})
		}
	}
	return list
}

func askProfile(env view.Env, others []view.Option) view.Effect {
	return view.Do(view.Ask{Form: view.Form{
		ID: switchForm, Title: "Go on in another profile", Button: "Switch",
		Intro:  []view.Pair{{Label: "now", Value: "profile " + env.Session.Profile + ", where nobody is logged in"}},
		Fields: []view.Field{{Key: fProfile, Label: "profile", Kind: view.Choice, Value: others[0].Value, Options: others}},
		Submit: func(_ view.Env, v view.Values) view.Effect {
			return view.Do(view.FormDone{Form: switchForm}, view.Switch{Profile: v[fProfile]})
		},
	}})
}

// serverOf is where the requests of a profile go.
func serverOf(p view.Profile) string {
	if p.Host == "" {
		return "console.vast.ai"
	}
	return p.Host
}
