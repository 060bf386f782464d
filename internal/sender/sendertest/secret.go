package sendertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

func tellsNoSecret(open func() Setup) error {
	if len(open().Secrets) == 0 {
		return errors.New("a sender without a secret has none to keep")
	}
	for _, f := range []Failure{Limited, Trouble, Garbage, Dropped, ReplyLost, Refuses} {
		for _, inDoubt := range []bool{false, true} {
			s := open()
			s.Far.Fail(f)
			_, err := s.send(context.Background(), "key", inDoubt)
			if err := s.tells(err); err != nil {
				return fmt.Errorf("%s: %w", f, err)
			}
		}
	}
	s := open()
	if err := s.tells(hang(s, context.Canceled)); err != nil {
		return fmt.Errorf("%s: %w", Hangs, err)
	}
	s = open()
	s.Far.Close()
	_, err := s.send(context.Background(), "key", false)
	if err := s.tells(err); err != nil {
		return fmt.Errorf("unreachable: %w", err)
	}
	return nil
}

// tells reports whether a failure tells a secret to whoever prints it, in
// whatever way, or logs it as the outbox does.
func (s Setup) tells(failure error) error {
	if failure == nil {
		return errors.New("no error")
	}
	var said bytes.Buffer
	printAll(&said, failure)
	encoder := zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig())
	zap.New(zapcore.NewCore(encoder, zapcore.AddSync(&said), zapcore.DebugLevel)).Error("cannot be delivered", zap.Error(failure))
	for _, secret := range s.Secrets {
		if strings.Contains(said.String(), secret) {
			return fmt.Errorf("a secret is told: %s", &said)
		}
	}
	return nil
}

// printAll prints an error and all that it wraps.
func printAll(to *bytes.Buffer, err error) {
	fmt.Fprintf(to, "%v %+v %#v\n", err, err, err)
	switch wraps := err.(type) { //nolint:errorlint // each error of the tree is looked at by itself
	case interface{ Unwrap() error }:
		if inner := wraps.Unwrap(); inner != nil {
			printAll(to, inner)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range wraps.Unwrap() {
			printAll(to, inner)
		}
	}
}
