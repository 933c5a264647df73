package minewatch.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The default and the rule of one setting, written on a record component. All values are written
/// as they would be in the file (`60s`, `64MiB`, `0.0.0.0:7443`).
///
/// A component without a default is required, unless its type is `@Nullable` (absent is null), a
/// list or map (absent is empty), or a record (absent is that record's defaults).
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /// The key, where the component cannot bear its name (a Java keyword); empty: its own name in
    /// kebab-case.
    String key() default "";

    /// The value when the file says nothing; empty: none.
    String byDefault() default "";

    /// Least value, inclusive, for numbers, sizes and durations; for lists, the least number of
    /// elements. Empty: no limit.
    String min() default "";

    /// Greatest value, inclusive. Empty: no limit.
    String max() default "";

    /// A regular expression the whole text must match. Empty: any text that is not blank.
    String pattern() default "";

    /// The rule in words, for error messages; empty: derived from type and limits.
    String expected() default "";
}
