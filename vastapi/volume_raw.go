package vastapi

import (
	"context"

	"vastdeck/vastapi/safetext"
)

// VolumeRaw returns one volume as the server gives it now: JSON, one field a line, in
// the server's order, inert, with what is secret masked. The API gives volumes as a list
// only. One that does not exist is a KindNotFound error.
func (c *Client) VolumeRaw(ctx context.Context, id VolumeID) (*safetext.Lines, error) {
	const path = "/api/v0/volumes/"
	var lines *safetext.Lines
	err := c.get(ctx, RouteVolumes, path, "owner=me&type=all_volume", func(body []byte) (err error) {
		lines, err = rawVolume(body, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if lines == nil {
		return nil, &Error{Kind: KindNotFound, Method: "GET", Path: path, Message: "volume " + id.String() + " does not exist"}
	}
	return lines, nil
}

// rawVolume finds volume id in an answer.
func rawVolume(body []byte, id VolumeID) (*safetext.Lines, error) {
	var (
		lines *safetext.Lines
		d     = newSorter()
	)
	err := readAnswer(body, "volumes", func(s *scanner, key []byte) (bool, error) {
		if string(key) != "volumes" {
			return false, nil
		}
		return true, d.rows(s, func(s *scanner) error {
			start := s.i
			v, err := d.volume(s)
			if err == nil && v.ID == id {
				lines = rawLines(s.b[start:s.i], withoutSecrets)
			}
			return err
		})
	})
	return lines, err
}
