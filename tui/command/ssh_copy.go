package command

import (
	"context"

	"vastdeck/vastapi/remote"
)

// SizeCopy counts what a copy would be.
func (s *SSH) SizeCopy(ctx context.Context, t remote.Target, job remote.CopyJob) (CopySize, error) {
	chosen, err := s.Choose(ctx, t, remote.Auto)
	if err != nil {
		return CopySize{}, err
	}
	a, err := s.Client.Size(ctx, chosen.Endpoint, job)
	return CopySize{Bytes: a.Bytes, Files: a.Files, Partial: a.Partly, Links: a}, err
}

// Copy copies what was counted.
func (s *SSH) Copy(ctx context.Context, t remote.Target, job remote.CopyJob, size CopySize, tell func(remote.CopyProgress)) error {
	chosen, err := s.Choose(ctx, t, remote.Auto)
	if err != nil {
		return err
	}
	total := size.Links
	total.Bytes, total.Files, total.Partly = size.Bytes, size.Files, size.Partial
	_, err = s.Client.Copy(ctx, chosen.Endpoint, job, remote.CopyOptions{Total: total, Progress: tell})
	return err
}
