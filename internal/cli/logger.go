package cli

import (
	"os"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"muster/internal/config"
)

// newLogger writes to standard error: text where that is a terminal, else JSON, if
// not told otherwise.
func newLogger(level zapcore.Level, format config.LogFormat) (*zap.Logger, error) {
	if format == config.LogAuto {
		format = config.LogJSON
		if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			format = config.LogText
		}
	}
	c := zap.NewProductionConfig()
	c.Level = zap.NewAtomicLevelAt(level)
	c.EncoderConfig.TimeKey, c.EncoderConfig.EncodeTime = "time", zapcore.ISO8601TimeEncoder
	c.EncoderConfig.EncodeDuration = zapcore.StringDurationEncoder // with its unit
	c.DisableStacktrace, c.Sampling = true, nil
	if format == config.LogText {
		c.Encoding, c.DisableCaller = "console", true
		c.EncoderConfig.EncodeTime = zapcore.TimeEncoderOfLayout("15:04:05.000")
		c.EncoderConfig.EncodeLevel, c.EncoderConfig.ConsoleSeparator = zapcore.CapitalLevelEncoder, "  "
	}
	return c.Build()
}
