package io.github.safeconsumer.internal.metadata;

import org.jspecify.annotations.Nullable;

/** Where the ownership stood when the note was written. */
public enum Mode {
  /** Records may be running: an owner that is gone and left this died. */
  OPEN(0),
  /** The owner is on its way out: no record starts any more. */
  LEAVING(1),
  /** The owner has left in order. */
  CLOSED(2);

  private final int code;

  Mode(int code) {
    this.code = code;
  }

  /** What stands for it in the text form. Never changes. */
  int code() {
    return code;
  }

  static @Nullable Mode ofCode(int code) {
    for (Mode mode : values()) {
      if (mode.code == code) {
        return mode;
      }
    }
    return null;
  }
}
