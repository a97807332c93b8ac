package rental

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vastdeck/vastapi"
)

// Curl is the step as a call of curl: the request as it is sent, but for the
// key, the values of variables, logins and the rental's own mark.
func (s Step) Curl(baseURL string) string {
	if s.Call == nil {
		return "# " + s.String()
	}
	call, path := s.Call, s.Call.Path()
	var pieces []string
	switch c := call.(type) {
	case vastapi.CreateInstance:
		call, pieces = openForCurl(c)
	case vastapi.UpdateInstance:
		c.Env, pieces = markedEnv(c.Env, freeMark(c))
		call = c
	case vastapi.CreateEnvVar:
		mark := freeMark(c)
		c.Value, pieces = vastapi.NewSecret(mark), []string{mark, valueOf(c.Key)}
		call = c
	case vastapi.UpdateEnvVar:
		mark := freeMark(c)
		c.Value, pieces = vastapi.NewSecret(mark), []string{mark, valueOf(c.Key)}
		call = c
	case vastapi.PrepayInstance:
		if c.ID == 0 {
			path = "/api/v0/instances/prepay/" + newInstance + "/"
			pieces = []string{newInstance, newInstance}
		}
	}
	body, err := call.Body()
	if err != nil {
		return "# " + s.String() + " cannot be written as a request"
	}
	url := shellFilled(strings.TrimSuffix(baseURL, "/")+path, pieces)
	return fmt.Sprintf(`curl -X %s %s -H "Authorization: Bearer $VAST_API_KEY" -H 'Content-Type: application/json' -d %s`,
		call.Method(), url, shellFilled(string(body), pieces))
}

// openForCurl is c with marks in place of what is secret: pairs of a mark and the
// shell variable that stands for it.
func openForCurl(c vastapi.CreateInstance) (vastapi.Call, []string) {
	var pairs []string
	name, _ := SplitLabel(c.Label)
	c.Label = name
	mark := freeMark(c)
	c.Env, pairs = markedEnv(c.Env, mark)
	if c.ImageLogin.Set() {
		c.ImageLogin = vastapi.NewSecret(mark + "LX")
		pairs = append(pairs, mark+"LX", registryLogin)
	}
	return c, pairs
}

// markedEnv is env with marks in place of the values of variables, pairs of a mark
// and the shell variable that stands for it, and without the rental's own mark.
func markedEnv(env map[string]string, mark string) (map[string]string, []string) {
	var pairs []string
	shown := make(map[string]string, len(env))
	stands := placeholders(Env(env).Names())
	for n, k := range slices.Sorted(maps.Keys(env)) {
		switch {
		case k == opVariable:
		case isFlag(k):
			shown[k] = env[k]
		default:
			shown[k] = fmt.Sprintf("%s%dX", mark, n)
			pairs = append(pairs, shown[k], stands[k])
		}
	}
	return shown, pairs
}

// freeMark is a text that stands nowhere in the request.
func freeMark(c vastapi.Call) string {
	body, err := c.Preview()
	mark := "VALUEX"
	for err == nil && bytes.Contains(body, []byte(mark)) {
		mark += "X"
	}
	return mark
}

// shellFilled is text as one word of a shell with each mark of pairs replaced by
// the shell variable after it.
func shellFilled(text string, pairs []string) string {
	var out strings.Builder
	for {
		at, mark, name := -1, "", ""
		for n := 0; n+1 < len(pairs); n += 2 {
			if found := strings.Index(text, pairs[n]); found >= 0 && (at < 0 || found < at) {
				at, mark, name = found, pairs[n], pairs[n+1]
			}
		}
		if at < 0 {
			break
		}
		out.WriteString(shellQuote(text[:at]) + `"$` + name + `"`)
		text = text[at+len(mark):]
	}
	if text != "" || out.Len() == 0 {
		out.WriteString(shellQuote(text))
	}
	return out.String()
}
