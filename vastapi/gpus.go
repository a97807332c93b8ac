package vastapi

import (
	"context"

	"vastdeck/vastapi/safetext"
)

// GPUNames returns the names of all GPU models the market knows, spelt as offers
// spell them ("RTX 4090"), in the server's order (GET /api/v0/gpu_names/unique/).
// It needs no key; the names change about once in a month.
func (c *Client) GPUNames(ctx context.Context) ([]safetext.Text, error) {
	var names []safetext.Text
	err := c.get(ctx, RouteGPUs, "/api/v0/gpu_names/unique/", "", func(body []byte) (err error) {
		names, err = readGPUNames(body)
		return err
	})
	if err != nil {
		return nil, err
	}
	return names, nil
}

func readGPUNames(body []byte) ([]safetext.Text, error) {
	var (
		names []safetext.Text
		d     = newSorter()
		seen  = map[string]bool{}
	)
	err := readAnswer(body, "gpu_names", func(s *scanner, key []byte) (bool, error) {
		if string(key) != "gpu_names" {
			return false, nil
		}
		names = []safetext.Text{}
		clear(seen)
		return true, s.array(func() error {
			v, err := s.value()
			if err != nil || v.kind != kindString {
				return err
			}
			if t := d.text(v); !t.Empty() && !seen[t.String()] {
				seen[t.String()] = true
				names = append(names, t)
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return names, nil
}
