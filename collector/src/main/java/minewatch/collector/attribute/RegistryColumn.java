package minewatch.collector.attribute;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The columns a registry file may have, with the names that IP filing systems (IP 地址备案) give them.
enum RegistryColumn {
    PREFIX("prefix", "网段|IP地址段"),
    START("start", "起始IP地址|起始IP|QSIPDZ|inetnumStart"),
    END("end", "终止IP地址|终止IP|ZZIPDZ|inetnumEnd"),
    ENTERPRISE("enterprise", "单位名称|使用单位名称|用户名称|DWMC|UserSubject"),
    CREDIT_CODE("credit_code", "统一社会信用代码|证件号码|使用单位证件号码|单位证件号码|Sydwzjhm"),
    ADDRESS("address", "单位详细地址|单位地址|DWDZ|DWXXDZ"),
    REGION_CODE("region_code", "行政区划代码|行政区划"),
    COUNTY("county_code", "单位所在县ID|单位所在县|DWSZX"),
    CITY("city_code", "单位所在市ID|单位所在市|DWSZSHI"),
    PROVINCE("province_code", "单位所在省ID|单位所在省|DWSZS"),
    USE_MODE("use_mode", "使用方式|地址使用方式|SYFF|UseTypeName"),
    VALID_FROM("valid_from", "使用日期|分配日期|注册日期|分配使用日期|SYRQ|AllotDate"),
    VALID_TO("valid_to", "停用日期|失效日期|终止日期");

    private static final Map<String, RegistryColumn> BY_NAME = byName();

    private final String title;
    private final String aliases; // between bars

    RegistryColumn(String title, String aliases) {
        this.title = title;
        this.aliases = aliases;
    }

    /// Name used in messages and in the documentation.
    String title() {
        return title;
    }

    /// Names are kept as written; in codes, dates and addresses full-width characters are made
    /// plain.
    boolean isFreeText() {
        return this == ENTERPRISE || this == ADDRESS;
    }

    static Optional<RegistryColumn> named(String header) {
        return Optional.ofNullable(BY_NAME.get(normal(header)));
    }

    private static Map<String, RegistryColumn> byName() {
        var names = new HashMap<String, RegistryColumn>();
        for (RegistryColumn column : values()) {
            names.put(normal(column.title), column);
            for (String alias : column.aliases.split("\\|", -1)) {
                names.put(normal(alias), column);
            }
        }
        return names;
    }

    private static String normal(String header) {
        return header.strip().replace(" ", "").replace("*", "").toLowerCase(Locale.ROOT);
    }
}
