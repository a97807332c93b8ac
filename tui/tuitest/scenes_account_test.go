package tuitest_test

import (
	"testing"
	"time"
)

func TestSceneAccount(t *testing.T) {
	t.Parallel()
	play(t, 140, 34, func(d *deck) {
		d.loaded()
		d.Press("8")
		d.Wait(10 * time.Second)
		d.Scene("account")
	})
}

func TestScenePalette(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("2", ":")
		d.Type("st")
		d.Wait(time.Second)
		d.Scene("palette")
	})
}
