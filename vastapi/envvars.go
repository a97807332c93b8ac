package vastapi

import (
	"cmp"
	"context"
	"slices"

	"vastdeck/vastapi/safetext"
)

// EnvVar is a variable of the account, which every new instance gets (GET
// /api/v0/secrets/). Its value never leaves the server.
type EnvVar struct {
	Name safetext.Text // in upper case, as the server keeps it
	Set  bool          // it has a value; the server masks it
}

// EnvVars returns the variables of the account, by name.
func (c *Client) EnvVars(ctx context.Context) ([]EnvVar, error) {
	var vars []EnvVar
	err := c.get(ctx, RouteEnvVars, secretsPath, "", func(body []byte) (err error) {
		vars, err = readEnvVars(body)
		return err
	})
	if err != nil {
		return nil, err
	}
	return vars, nil
}

// readEnvVars reads {"secrets": {"KEY": "********", "EMPTY": null}} (published
// description). Should a value come in clear, it is not kept.
func readEnvVars(body []byte) ([]EnvVar, error) {
	vars, d := []EnvVar{}, newSorter()
	err := readAnswer(body, "secrets", func(s *scanner, key []byte) (bool, error) {
		if string(key) != "secrets" {
			return false, nil
		}
		return true, s.fields(func(name []byte, v value) error {
			if len(name) > 0 {
				vars = append(vars, EnvVar{
					Name: d.text(value{kind: kindString, raw: slices.Clone(name)}),
					Set:  v.kind != kindNull && len(v.raw) > 0,
				})
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(vars, func(a, b EnvVar) int { return cmp.Compare(a.Name.Wire(), b.Name.Wire()) })
	return slices.CompactFunc(vars, func(a, b EnvVar) bool { return a.Name.Wire() == b.Name.Wire() }), nil
}
