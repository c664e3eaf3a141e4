package dev.leakverifier.profile;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import com.google.common.base.Strings;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ProfileQueryTest {
  @Test
  public void showsTheGroupsAsTextUnlessAskedOtherwise() {
    ProfileQuery groups = new ProfileQuery(ProfileFormat.TEXT, 1, 0, true);

    assertThat(ProfileQuery.parse(null)).isEqualTo(groups);
    assertThat(ProfileQuery.parse("")).isEqualTo(groups);
    assertThat(ProfileQuery.parse("debug=1")).isEqualTo(groups);
  }

  @Test
  public void takesAllParametersInAnyOrder() {
    assertThat(ProfileQuery.parse("seconds=60&format=text&jvm=false&debug=2"))
        .isEqualTo(new ProfileQuery(ProfileFormat.TEXT, 2, 60, false));
    assertThat(ProfileQuery.parse("format=%70prof&seconds=1"))
        .isEqualTo(new ProfileQuery(ProfileFormat.PPROF, 1, 1, true));
    assertThat(ProfileQuery.parse("format=collapsed").format()).isEqualTo(ProfileFormat.COLLAPSED);
    assertThat(ProfileQuery.parse("format=json").format()).isEqualTo(ProfileFormat.JSON);
  }

  @DataProvider
  public Object[][] nonsense() {
    String there = "there are debug, format, seconds, jvm";
    return new Object[][] {
      {"debug=3", "debug (\"3\") must be a whole number from 1 to 2"},
      {"debug=0", "debug (\"0\") must be a whole number from 1 to 2"},
      {"debug=", "debug (\"\") must be a whole number from 1 to 2"},
      {"debug", "debug has no value"},
      {"seconds=61", "seconds (\"61\") must be a whole number from 1 to 60"},
      {"seconds=0", "seconds (\"0\") must be a whole number from 1 to 60"},
      {"seconds=-1", "seconds (\"-1\") must be a whole number from 1 to 60"},
      {"seconds=%2B1", "seconds (\"+1\") must be a whole number from 1 to 60"},
      {"seconds=1e1", "seconds (\"1e1\") must be a whole number from 1 to 60"},
      {"seconds=99999999999", "seconds (\"99999999999\") must be a whole number from 1 to 60"},
      {"seconds=%D9%A3", "seconds (\"\u0663\") must be a whole number from 1 to 60"},
      {"format=xml", "format (\"xml\") must be one of text, json, collapsed, pprof"},
      {"format=TEXT", "format (\"TEXT\") must be one of text, json, collapsed, pprof"},
      {"jvm=no", "jvm (\"no\") must be true or false"},
      {"debug=1&debug=2", "debug must not be given twice"},
      {"format=json&debug=1", "debug is only for format=text, not for format=json"},
      {"second=1", "there is no parameter \"second\"; " + there},
      {"=1", "there is no parameter \"\"; " + there},
      {"&", "there is no parameter \"\"; " + there},
      {"a%0d%0aSet-Cookie:x=1", "there is no parameter \"a\\r\\nSet-Cookie:x\"; " + there},
      {"%zz=1", "the query has a % that begins no character: \"%zz\""},
      {"debug=%", "the query has a % that begins no character: \"%\""},
      {
        Strings.repeat("x", 5000),
        "there is no parameter \"" + Strings.repeat("x", 80) + "\"... (5000 chars); " + there
      },
    };
  }

  @Test(dataProvider = "nonsense")
  public void refuses(String query, String message) {
    assertThat(expectThrows(IllegalArgumentException.class, () -> ProfileQuery.parse(query)))
        .hasMessageThat()
        .isEqualTo(message);
  }
}
